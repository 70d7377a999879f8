#include "probes/icmp.hpp"

#include "probes/options.hpp"
#include "probes/pinger.hpp"
#include "probes/resolve.hpp"
#include "probes/statistics.hpp"

#include <algorithm>

namespace vg::probes {
namespace {

using namespace std::chrono_literals;

struct IcmpOptions {
    unsigned count = 10;
    Millis interval = 100ms;
    unsigned size = 16;
    Family family = Family::any;
};

// The last answer needs time, too: sending takes at most half of what is left.
EchoPlan plan_of(const IcmpOptions& options, const Address& target, Deadline deadline) {
    const auto left = std::max<Span>(deadline - std::chrono::steady_clock::now(), 0ns);
    EchoPlan plan;
    plan.targets = {target};
    plan.count = options.count;
    plan.payload = options.size;
    if (options.count > 1) plan.interval = std::min<Span>(options.interval, left / 2 / (options.count - 1));
    plan.wait = left - plan.interval * (options.count - 1);
    return plan;
}

void report(const EchoRound& round, const std::string& id, wire::Observation& out) {
    std::vector<double> times;
    for (const auto& echo : round.echoes)
        if (echo.state == EchoState::answered)
            times.push_back(std::chrono::duration<double, std::milli>(echo.rtt).count());
    const auto sent = static_cast<double>(round.echoes.size());
    const auto add = [&](const char* metric, double value, double step, const char* unit) {
        out.samples.push_back({{metric, id, unit}, round_to(value, step)});
    };
    add("icmp.loss", 100 * (sent - static_cast<double>(times.size())) / sent, 0.1, "%");
    const auto trips = round_trips(std::move(times));
    if (!trips) return;
    add("icmp.rtt_min", trips->min, 0.01, "ms");
    add("icmp.rtt_median", trips->median, 0.01, "ms");
    add("icmp.rtt_p95", trips->p95, 0.01, "ms");
    add("icmp.rtt_max", trips->max, 0.01, "ms");
    if (trips->jitter) add("icmp.jitter", *trips->jitter, 0.01, "ms");
}

// Only of silence: the numbers say the rest.
Text remark_on(const EchoRound& round, const Address& target) {
    if (std::any_of(round.echoes.begin(), round.echoes.end(),
                    [](const Echo& echo) { return echo.state == EchoState::answered; }))
        return {};
    const auto report = std::find_if(round.echoes.begin(), round.echoes.end(),
                                     [](const Echo& echo) { return echo.state == EchoState::unreachable; });
    if (report != round.echoes.end())
        return say({"{} báo là không có đường tới {}", "{} says that there is no way to {}"}, report->from.to_string(),
                   target.to_string());
    return say({"{} không trả lời gói nào: máy tắt, đường truyền đứt, hoặc tường lửa chặn ICMP",
                "{} answered no echo: it is off, the line is cut, or a firewall drops ICMP"},
               target.to_string());
}

class IcmpProbe final : public Probe {
public:
    IcmpProbe(const Task& task, Surroundings house, IcmpOptions options)
        : id_(task.id), target_(task.target), house_(house), options_(options) {}

    asio::awaitable<wire::Observation> run(Deadline deadline) override {
        wire::Observation out;
        out.probe = id_;
        out.at = house_.clock.mono();
        const auto addresses = co_await resolve(target_, options_.family, deadline);
        if (!addresses) {
            out.error = told(addresses.error());
            co_return out;
        }
        const auto round = co_await Pinger::of(house_.io).round(plan_of(options_, addresses->front(), deadline));
        if (!round) {
            out.error = told(round.error());
        } else if (std::all_of(round->echoes.begin(), round->echoes.end(),
                               [](const Echo& echo) { return echo.state == EchoState::not_sent; })) {
            out.error = round->refusal;
        } else {
            report(*round, id_, out);
            out.remark = remark_on(*round, addresses->front());
        }
        co_return out;
    }

private:
    std::string id_, target_;
    Surroundings house_;
    IcmpOptions options_;
};

std::unique_ptr<Probe> make_icmp(const Task& task, Surroundings house, Problems& problems) {
    Options read(task, problems);
    IcmpOptions options;
    options.count = static_cast<unsigned>(read.integer("count", options.count, 1, 1000));
    options.interval = read.duration("interval", options.interval, 1ms, 60s);
    options.size = static_cast<unsigned>(read.integer("size", options.size, 8, 1400));
    options.family = read.family();
    if (task.target.empty())
        read.complain("target", {"phép dò icmp cần đích: một địa chỉ hoặc tên máy",
                                 "an icmp probe needs a target: an address or a host name"});
    return read.ok() ? std::make_unique<IcmpProbe>(task, house, options) : nullptr;
}

}  // namespace

Kind icmp_kind() {
    Kind kind;
    kind.name = "icmp";
    kind.vi = "Gửi gói ICMP echo: mất gói, thời gian khứ hồi, biến thiên trễ";
    kind.en = "ICMP echo rounds: loss, round-trip time, jitter";
    kind.target_help = "address or host name";
    kind.options = {
        {"count", "1..1000", "10", "số gói mỗi lượt", "echoes in a round"},
        {"interval", "1ms..60s", "100ms", "khoảng cách giữa hai gói", "time between two echoes"},
        {"size", "8..1400", "16", "số byte dữ liệu trong mỗi gói", "bytes of data in each echo"},
        family_option,
    };
    kind.metrics = {
        {"icmp.loss", "%", "mất gói", "loss"},
        {"icmp.rtt_min", "ms", "độ trễ nhỏ nhất", "shortest round trip"},
        {"icmp.rtt_median", "ms", "độ trễ trung vị", "median round trip"},
        {"icmp.rtt_p95", "ms", "độ trễ phân vị 95", "95th percentile of round trips"},
        {"icmp.rtt_max", "ms", "độ trễ lớn nhất", "longest round trip"},
        {"icmp.jitter", "ms", "biến thiên trễ", "mean difference of successive round trips (as RFC 3550, unsmoothed)"},
    };
    kind.make_probe = make_icmp;
    return kind;
}

}  // namespace vg::probes
