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
        if (!reading.stat && !reading.memory)
            o.error = say({"máy này không cho đọc /proc", "/proc cannot be read on this machine"});
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

std::vector<Metric> metrics() {
    return {
        {"host.uptime", "s", "thời gian từ lúc khởi động", "time since the machine started"},
        {"host.cpu_busy", "%", "CPU đang bận", "CPU busy"},
        {"host.cpu_user", "%", "CPU chạy chương trình", "CPU in programs"},
        {"host.cpu_system", "%", "CPU chạy nhân hệ điều hành", "CPU in the kernel"},
        {"host.cpu_iowait", "%", "CPU chờ đọc ghi", "CPU waiting for input and output"},
        {"host.load1", "1", "tải trung bình 1 phút", "load of 1 minute"},
        {"host.load5", "1", "tải trung bình 5 phút", "load of 5 minutes"},
        {"host.load15", "1", "tải trung bình 15 phút", "load of 15 minutes"},
        {"host.threads", "1", "số luồng", "threads"},
        {"host.running", "1", "số luồng đang chạy", "threads that run now"},
        {"host.context_switches", "/s", "chuyển ngữ cảnh", "context switches"},
        {"host.forks", "/s", "tiến trình mới", "new processes"},
        {"host.mem_used", "%", "bộ nhớ đã dùng", "memory used"},
        {"host.mem_available", "MiBy", "bộ nhớ còn dùng được", "memory available"},
        {"host.swap_used", "%", "bộ nhớ tráo đổi đã dùng", "swap used"},
        {"host.disk_used", "%", "ổ đĩa đã dùng", "disk used"},
        {"host.inodes_used", "%", "inode đã dùng", "inodes used"},
        {"host.disk_read", "By/s", "đọc từ ổ đĩa", "read from the disk"},
        {"host.disk_write", "By/s", "ghi vào ổ đĩa", "written to the disk"},
        {"host.disk_busy", "%", "ổ đĩa đang bận", "disk busy"},
        {"host.if_rx", "By/s", "nhận vào cổng mạng", "received by the interface"},
        {"host.if_tx", "By/s", "gửi ra cổng mạng", "sent by the interface"},
        {"host.if_rx_packets", "/s", "gói nhận vào cổng mạng", "packets received by the interface"},
        {"host.if_tx_packets", "/s", "gói gửi ra cổng mạng", "packets sent by the interface"},
        {"host.if_errors", "1", "lỗi mới của cổng mạng", "new errors of the interface"},
        {"host.if_drops", "1", "gói cổng mạng mới bỏ", "packets newly dropped by the interface"},
        {"host.tcp_connections", "1", "kết nối TCP đang mở", "open TCP connections"},
        {"host.tcp_retransmitted", "%", "TCP phải gửi lại", "TCP sent again"},
        {"host.pressure_cpu", "%", "thời gian phải chờ CPU", "time spent waiting for CPU"},
        {"host.pressure_memory", "%", "thời gian phải chờ bộ nhớ", "time spent waiting for memory"},
        {"host.pressure_io", "%", "thời gian phải chờ đọc ghi", "time spent waiting for input and output"},
        {"host.clock_offset", "ms", "đồng hồ lệch", "offset of the clock"},
        {"host.clock_error", "ms", "sai số lớn nhất của đồng hồ", "largest error of the clock"},
        {"host.temperature", "Cel", "nhiệt độ", "temperature"},
    };
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
    kind.metrics = metrics();
    kind.make_probe = make;
    return kind;
}

}  // namespace vg::probes
