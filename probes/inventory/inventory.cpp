#include "probes/inventory/inventory.hpp"

#include "probes/inventory/platform/machine.hpp"
#include "probes/inventory/telling.hpp"
#include "probes/options.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>

namespace vg::probes {
namespace {

using namespace inventory;

class InventoryProbe final : public Probe {
public:
    InventoryProbe(std::string id, Millis full, Surroundings around)
        : id_(std::move(id)), full_(full), around_(around), machine_(make_machine()) {}

    asio::awaitable<wire::Observation> run(Deadline) override {
        wire::Observation seen;
        seen.probe = id_;
        seen.at = around_.clock.mono();
        for (const auto part : all_parts) {
            look(part, seen);
            co_await asio::post(around_.io, asio::use_awaitable);  // others have their turn between two parts
        }
        co_return seen;
    }

    void tell_all() override { parts_ = {}; }

private:
    struct Known {
        bool looked = false;
        std::optional<std::uint64_t> stamp;
        Mono at{};
        std::vector<wire::Fact> facts;  // told with every run: they must not run out at the collector
    };

    void look(Part part, wire::Observation& seen) {
        auto& known = parts_[static_cast<std::size_t>(part)];
        const auto stamp = machine_->stamp(part);
        const bool old = seen.at - known.at >= full_;
        if (!known.looked || (stamp ? stamp != known.stamp : old)) {
            Reading reading;
            machine_->look(part, reading);
            known.facts.clear();
            tell_facts(part, reading, known.facts);
            known.facts.shrink_to_fit();
            tell_lists(part, reading, seen);
            known.looked = true;
            known.stamp = stamp;
            known.at = seen.at;
        }
        seen.facts.insert(seen.facts.end(), known.facts.begin(), known.facts.end());
    }

    std::string id_;
    Millis full_;
    Surroundings around_;
    std::unique_ptr<Machine> machine_;
    std::array<Known, all_parts.size()> parts_;
};

std::unique_ptr<Probe> make(const Task& task, Surroundings around, Problems& problems) {
    Options options(task, problems);
    const auto full = options.duration("full", std::chrono::hours{1}, std::chrono::seconds{10}, std::chrono::hours{24});
    if (!options.ok()) return nullptr;
    return std::make_unique<InventoryProbe>(task.id, full, around);
}

}  // namespace

Kind inventory_kind() {
    Kind kind;
    kind.name = "inventory";
    kind.vi = "Kiểm kê chính máy này: phần cứng, hệ điều hành, phần mềm, tài khoản, cách bảo vệ";
    kind.en = "Inventory of this machine: hardware, operating system, software, accounts, protection";
    kind.target_help = "none";
    kind.options = {
        {"full", "duration", "1h", "xem lại phần không tự báo thay đổi sau mỗi khoảng này",
         "look again this often at what does not show by itself that it changed"},
    };
    kind.make_probe = make;
    return kind;
}

}  // namespace vg::probes
