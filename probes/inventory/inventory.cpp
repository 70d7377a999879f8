#include "probes/inventory/inventory.hpp"

#include "probes/inventory/aside.hpp"
#include "probes/inventory/platform/machine.hpp"
#include "probes/inventory/root_look.hpp"
#include "probes/inventory/telling.hpp"
#include "probes/options.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <iterator>

namespace vg::probes {
namespace {

using namespace inventory;

struct PartName {
    Part part;
    std::string_view name;
};
constexpr std::array<PartName, all_parts.size()> part_names{{{Part::system, "system"},
                                                             {Part::board, "board"},
                                                             {Part::processor, "processor"},
                                                             {Part::memory, "memory"},
                                                             {Part::disks, "disks"},
                                                             {Part::adapters, "adapters"},
                                                             {Part::software, "software"},
                                                             {Part::services, "services"},
                                                             {Part::ports, "ports"},
                                                             {Part::accounts, "accounts"},
                                                             {Part::usb, "usb"},
                                                             {Part::updates, "updates"},
                                                             {Part::policy, "policy"},
                                                             {Part::protection, "protection"}}};

std::vector<Part> read_parts(Options& options) {
    std::vector<Part> out;
    for (const auto& word : options.list("parts")) {
        const auto found = std::ranges::find(part_names, word, &PartName::name);
        if (found != part_names.end())
            out.push_back(found->part);
        else
            options.complain("parts", {"bản kiểm kê không có phần '{}'", "there is no part '{}' of an inventory"},
                             word);
    }
    if (out.empty()) out.assign(all_parts.begin(), all_parts.end());
    return out;
}

// What is known of the machine between two runs. Used by one look at a time, on the thread beside.
class Keeper {
public:
    Keeper(std::unique_ptr<Machine> machine, Millis full, std::vector<Part> parts)
        : machine_(std::move(machine)), full_(full), wanted_(std::move(parts)) {}

    // A part whose look ends by a fault tells nothing and is looked at again with the next run; the others are told.
    void look(wire::Observation& seen, bool tell_all) {
        if (tell_all)
            for (auto& known : parts_) known.looked = false;
        for (const auto part : wanted_) {
            auto& known = parts_[static_cast<std::size_t>(part)];
            try {
                if (is_due(part, known, seen.at)) look(part, known, seen);
            } catch (const std::exception& fault) {
                seen.error = say({"lỗi khi xem máy: {}", "fault while looking at the machine: {}"}, fault.what());
            }
            seen.facts.insert(seen.facts.end(), known.facts.begin(), known.facts.end());
        }
        if (const auto as_root = machine_->seen_as_root()) fill_from_root(*as_root, seen);
    }

    std::atomic<bool> busy = false;

private:
    struct Known {
        bool looked = false;
        std::optional<std::uint64_t> stamp;
        Mono at{};
        std::vector<wire::Fact> facts;  // told with every run: they must not run out at the collector
    };

    bool is_due(Part part, Known& known, Mono now) {
        if (!known.looked || machine_->is_for_every_run(part)) return true;
        const auto age = now - known.at;
        if (machine_->is_costly(part) && age < full_ / 4) return false;
        const auto stamp = machine_->stamp(part);
        return stamp ? stamp != known.stamp : age >= full_;
    }

    void look(Part part, Known& known, wire::Observation& seen) {
        known.looked = false;
        known.facts.clear();
        // Before the look: what changes during it is seen with the next run.
        known.stamp = machine_->stamp(part);
        known.at = seen.at;
        Reading reading;
        machine_->look(part, reading);
        std::vector<wire::Fact> facts;
        tell_facts(part, reading, facts);
        facts.shrink_to_fit();
        wire::Observation lists;
        tell_lists(part, reading, lists);
        seen.facts.insert(seen.facts.end(), std::make_move_iterator(lists.facts.begin()),
                          std::make_move_iterator(lists.facts.end()));
        seen.whole.insert(seen.whole.end(), lists.whole.begin(), lists.whole.end());
        known.facts = std::move(facts);
        known.looked = true;
    }

    std::unique_ptr<Machine> machine_;
    Millis full_;
    std::vector<Part> wanted_;
    std::array<Known, all_parts.size()> parts_;
};

class InventoryProbe final : public Probe {
public:
    InventoryProbe(std::string id, std::shared_ptr<Keeper> keeper, Surroundings around)
        : id_(std::move(id)), around_(around), keeper_(std::move(keeper)) {}

    asio::awaitable<wire::Observation> run(Deadline) override {
        const auto seen = std::make_shared<wire::Observation>();
        seen->probe = id_;
        seen->at = around_.clock.mono();
        if (keeper_->busy.exchange(true)) {
            seen->error = not_ended();
            co_return std::move(*seen);
        }
        const std::function<void()> task = [seen, keeper = keeper_, all = std::exchange(tell_all_, false)] {
            try {
                keeper->look(*seen, all);
            } catch (const std::exception& fault) {
                seen->error = say({"lỗi khi xem máy: {}", "fault while looking at the machine: {}"}, fault.what());
            }
            keeper->busy = false;
        };
        const auto ended = co_await run_aside(around_.io, task);
        if (ended == Aside::done) co_return std::move(*seen);
        wire::Observation nothing;
        nothing.probe = id_;
        nothing.at = around_.clock.mono();
        nothing.error = not_ended();
        if (ended == Aside::refused) {
            keeper_->busy = false;
            nothing.error = say({"tiến trình này không mở thêm được tệp nào", "this process may open no more files"});
        }
        tell_all_ = true;  // what this look told, if anything, was not heard
        co_return nothing;
    }

    void tell_all() override { tell_all_ = true; }

private:
    static Text not_ended() {
        return say({"một lần xem chưa xong: một ổ đĩa hoặc một chương trình không trả lời",
                    "a look has not ended: a disk or a program does not answer"});
    }

    std::string id_;
    Surroundings around_;
    std::shared_ptr<Keeper> keeper_;  // a look that outlives its run keeps it
    bool tell_all_ = false;
};

std::unique_ptr<Probe> make(const Task& task, Surroundings around, Problems& problems) {
    return make_inventory(task, around, problems, make_machine());
}

}  // namespace

std::unique_ptr<Probe> make_inventory(const Task& task, Surroundings around, Problems& problems,
                                      std::unique_ptr<Machine> machine) {
    Options options(task, problems);
    const auto full = options.duration("full", std::chrono::hours{1}, std::chrono::seconds{10}, std::chrono::hours{24});
    auto parts = read_parts(options);
    if (!options.ok()) return nullptr;
    auto keeper = std::make_shared<Keeper>(std::move(machine), full, std::move(parts));
    return std::make_unique<InventoryProbe>(task.id, std::move(keeper), around);
}

Kind inventory_kind() {
    Kind kind;
    kind.name = "inventory";
    kind.vi = "Kiểm kê chính máy này: phần cứng, hệ điều hành, phần mềm, tài khoản, cách bảo vệ";
    kind.en = "Inventory of this machine: hardware, operating system, software, accounts, protection";
    kind.target_help = "none";
    kind.options = {
        {"parts", "list of text", "all",
         "chỉ xem các phần này: system, board, processor, memory, disks, adapters, software, services, ports, "
         "accounts, "
         "usb, updates, policy, protection",
         "look at these parts only: system, board, processor, memory, disks, adapters, software, services, ports, "
         "accounts, usb, updates, policy, protection"},
        {"full", "duration", "1h", "xem lại phần không tự báo thay đổi sau mỗi khoảng này",
         "look again this often at what does not show by itself that it changed"},
    };
    kind.make_probe = make;
    return kind;
}

}  // namespace vg::probes
