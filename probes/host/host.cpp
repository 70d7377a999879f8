#include "probes/host/host.hpp"

#include "probes/host/report.hpp"
#include "probes/options.hpp"
#include "probes/platform/host_source.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace vg::probes {
namespace {

constexpr auto first_interval = std::chrono::milliseconds(500);

class HostProbe final : public Probe {
public:
    HostProbe(std::string id, host::SourceOptions options, Surroundings around)
        : id_(std::move(id)), around_(around), source_(host::make_source(std::move(options))) {}

    asio::awaitable<wire::Observation> run(Deadline deadline) override {
        if (!report_.has_rates()) {  // the first run looks twice, so that it has rates, too
            (void)look();
            asio::steady_timer timer(around_.io);
            timer.expires_at(std::min(std::chrono::steady_clock::now() + first_interval, deadline));
            boost::system::error_code ignored;
            co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        co_return look();
    }

private:
    wire::Observation look() {
        const auto reading = source_->look();
        auto o = report_.make(reading, around_.clock.mono(), around_.clock.boot_id());
        o.probe = id_;
        if (!reading.stat && !reading.memory) o.error = "/proc cannot be read on this machine";
        return o;
    }

    std::string id_;
    Surroundings around_;
    std::unique_ptr<host::Source> source_;
    host::Report report_;
};

std::unique_ptr<Probe> make(const Task& task, Surroundings around, Problems& problems) {
    Options options(task, problems);
    host::SourceOptions source{options.list("interfaces"), options.list("mounts")};
    if (!options.ok()) return nullptr;
    return std::make_unique<HostProbe>(task.id, std::move(source), around);
}

}  // namespace

Kind host_kind() {
    Kind kind;
    kind.name = "host";
    kind.vi = "Tình trạng của chính máy này: CPU, bộ nhớ, ổ đĩa, cổng mạng, đồng hồ";
    kind.en = "How this machine does: CPU, memory, disks, network interfaces, clock";
    kind.target_help = "none";
    kind.options = {
        {"interfaces", "list of text", "the real ones", "các cổng mạng cần đo", "network interfaces to measure"},
        {"mounts", "list of text", "every local disk", "các ổ đĩa cần đo", "mount points to measure"},
    };
    kind.make_probe = make;
    return kind;
}

}  // namespace vg::probes
