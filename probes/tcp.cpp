#include "probes/tcp.hpp"

#include "probes/endpoint.hpp"
#include "probes/options.hpp"
#include "probes/statistics.hpp"

namespace vg::probes {
namespace {

class TcpProbe final : public Probe {
public:
    TcpProbe(const Task& task, Surroundings house, HostPort target, Family family)
        : id_(task.id), service_(task.service), house_(house), target_(std::move(target)), family_(family) {}

    asio::awaitable<wire::Observation> run(Deadline deadline) override {
        wire::Observation out;
        out.probe = id_;
        out.at = house_.clock.mono();
        auto addresses = co_await resolve(target_.host, family_, deadline);
        if (!addresses) {
            out.remark = told(addresses.error());
            report(Outcome::no_such_name, out);
            co_return out;
        }
        auto connected = co_await connect(std::move(*addresses), target_.port, deadline);
        if (connected) {
            const auto took = std::chrono::duration<double, std::milli>(connected->took).count();
            out.samples.push_back({{"tcp.connect", id_, "ms"}, round_to(took, 0.01)});
            report(Outcome::ok, out);
        } else if (connected.error().could_not_look) {
            out.error = connected.error().sentence;
        } else {
            out.remark = connected.error().sentence;
            report(connected.error().outcome, out);
        }
        co_return out;
    }

private:
    void report(Outcome outcome, wire::Observation& out) const {
        out.samples.push_back({{"tcp.outcome", id_, "1"}, static_cast<double>(outcome)});
        if (!service_.empty())
            out.facts.push_back({{wire::SubjectKind::service, service_}, "tcp_reachable", outcome == Outcome::ok});
    }
    std::string id_, service_;
    Surroundings house_;
    HostPort target_;
    Family family_;
};

std::unique_ptr<Probe> make_tcp(const Task& task, Surroundings house, Problems& problems) {
    Options read(task, problems);
    const auto family = read.family();
    const auto target = parse_host_port(task.target, 0);
    if (!target)
        read.complain("target",
                      {"phép dò tcp cần đích là máy và cổng từ 1 đến 65535, như host:443, 10.0.0.1:22 hoặc "
                       "[2001:db8::1]:443, không phải '{}'",
                       "a tcp probe needs a machine and a port from 1 to 65535 as its target, like host:443, "
                       "10.0.0.1:22 or [2001:db8::1]:443, not '{}'"},
                      task.target);
    return read.ok() ? std::make_unique<TcpProbe>(task, house, *target, family) : nullptr;
}

}  // namespace

Kind tcp_kind() {
    Kind kind;
    kind.name = "tcp";
    kind.vi = "Mở kết nối TCP: thời gian kết nối, hoặc vì sao không kết nối được";
    kind.en = "Opens a TCP connection: how long it takes, or how it fails";
    kind.target_help = "host:port, 10.0.0.1:22, [2001:db8::1]:443";
    kind.options = {family_option};
    kind.metrics = {
        {"tcp.connect", "ms", "thời gian kết nối", "time to connect"},
        {"tcp.outcome", "1", "0 kết nối được, 1 bị từ chối, 2 quá giờ, 3 không có đường tới, 4 không có tên này",
         "0 connected, 1 refused, 2 timed out, 3 unreachable, 4 no such name"},
    };
    kind.make_probe = make_tcp;
    return kind;
}

}  // namespace vg::probes
