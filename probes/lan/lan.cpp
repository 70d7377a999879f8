#include "probes/lan/lan.hpp"

#include "probes/lan/capture.hpp"
#include "probes/lan/roster.hpp"
#include "probes/options.hpp"

#include <algorithm>
#include <utility>

namespace vg::probes {
namespace {

using namespace lan;
using wire::SubjectKind;

bool is_file(const std::string& target) {
    return target.find('/') != std::string::npos || target.ends_with(".pcap") || target.ends_with(".pcapng");
}

const char* name_of(Source source) {
    switch (source) {
        case Source::arp: return "arp";
        case Source::dhcp: return "dhcp";
        case Source::ndp: return "ndp";
    }
    return "arp";
}

void add_facts(const Host& host, wire::Observation& o) {
    const wire::Subject subject{SubjectKind::device, "mac:" + host.mac};
    o.facts.push_back({subject, "seen", true});
    o.facts.push_back({subject, "mac", host.mac});
    if (!host.ip.empty()) o.facts.push_back({subject, "ip", host.ip});
    if (!host.host_name.empty()) o.facts.push_back({subject, "host_name", host.host_name});
}

wire::Event new_host(const Host& host, Source source, Mono at) {
    wire::Event e;
    e.kind = "lan.new_host";
    e.subject = {SubjectKind::device, "mac:" + host.mac};
    e.fields = {{"mac", host.mac}, {"source", name_of(source)}};
    if (!host.ip.empty()) e.fields.emplace_back("ip", host.ip);
    if (!host.host_name.empty()) e.fields.emplace_back("host_name", host.host_name);
    if (!host.vendor_class.empty()) e.fields.emplace_back("vendor_class", host.vendor_class);
    if (host.vlan != 0) e.fields.emplace_back("vlan", std::to_string(host.vlan));
    e.at = at;
    return e;
}

class LanWatcher final : public Watcher {
public:
    LanWatcher(const Task& task, Surroundings around) : id_(task.id), target_(task.target), around_(around) {}

    asio::awaitable<Result<void>> watch(Emit emit) override {
        const bool from_file = is_file(target_);
        auto opened = from_file ? capture_file(target_) : capture_interface(around_.io, target_);
        if (!opened) co_return opened.error();
        capture_ = std::move(*opened);
        wire::Observation o = fresh();
        Result<void> end;
        for (;;) {
            const auto seen = co_await capture_->next();
            if (!seen) {
                if (seen.error().code != Errc::cancelled) end = seen.error();
                break;
            }
            if (seen->empty()) break;
            for (const auto& sighting : *seen) note(sighting, o);
            if (from_file) continue;
            if (!o.facts.empty()) emit(std::exchange(o, fresh()));
            o.at = around_.clock.mono();
        }
        if (from_file) emit(with_latest(std::move(o)));
        capture_.reset();
        co_return end;
    }

    void stop() override {
        if (capture_) capture_->cancel();
    }

private:
    [[nodiscard]] wire::Observation fresh() const {
        wire::Observation o;
        o.probe = id_;
        o.at = around_.clock.mono();
        return o;
    }

    void note(const Sighting& sighting, wire::Observation& o) {
        const auto now = around_.clock.mono();
        const auto [host, news] = roster_.see(sighting, now);
        if (news == News::none) return;
        o.at = now;
        add_facts(*host, o);
        if (news == News::is_new) o.events.push_back(new_host(*host, sighting.source, now));
    }

    // Of a whole file only the last word on each host counts.
    static wire::Observation with_latest(wire::Observation o) {
        std::vector<wire::Fact> facts;
        for (auto fact = o.facts.rbegin(); fact != o.facts.rend(); ++fact) {
            const bool later = std::any_of(facts.begin(), facts.end(), [&](const wire::Fact& f) {
                return f.subject == fact->subject && f.name == fact->name;
            });
            if (!later) facts.push_back(*fact);
        }
        o.facts.assign(facts.rbegin(), facts.rend());
        return o;
    }

    std::string id_, target_;
    Surroundings around_;
    Roster roster_;
    std::unique_ptr<Capture> capture_;
};

std::unique_ptr<Watcher> make(const Task& task, Surroundings around, Problems& problems) {
    Options options(task, problems);
    if (task.target.empty()) options.complain("target", "lan needs an interface or a capture file as its target");
    if (!options.ok()) return nullptr;
    return std::make_unique<LanWatcher>(task, around);
}

}  // namespace

Kind lan_kind() {
    Kind kind;
    kind.name = "lan";
    kind.vi = "Các thiết bị trên mạng nội bộ, nhận ra qua ARP, DHCP và NDP";
    kind.en = "Devices on the LAN, seen by ARP, DHCP and IPv6 neighbour discovery";
    kind.target_help = "a network interface, or a capture file";
    kind.make_watcher = make;
    return kind;
}

}  // namespace vg::probes
