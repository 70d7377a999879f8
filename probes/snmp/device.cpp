#include "probes/snmp/device.hpp"

#include "base/crypto.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace vg::probes::snmp {
namespace {

namespace json = boost::json;

constexpr std::size_t most_entries = 5'000;  // of one list
constexpr std::size_t longest_entry = 200;   // wire/limits.hpp
constexpr std::int64_t soft_loopback = 24;

double round_rate(double v) {
    if (v < 100'000) return std::round(v / 100) * 100;
    const auto step = std::pow(10.0, std::floor(std::log10(v)) - 1);
    return std::round(v / step) * step;
}

// What a counter rose by; a 32-bit one may have gone round once.
std::optional<std::uint64_t> rise(std::uint64_t before, std::uint64_t now, bool is_wide) {
    if (now >= before) return now - before;
    if (is_wide || before > 0xffffffffu) return std::nullopt;
    return now + 0x100000000u - before;
}

class Entry {  // a JSON object of one level; what is not known is left out
public:
    Entry& put(const char* key, std::string_view text) {
        if (!text.empty()) object_[key] = json::string(text);
        return *this;
    }
    template <class T>
    Entry& put(const char* key, const std::optional<T>& number) {
        if (number) object_[key] = *number;
        return *this;
    }
    Entry& put(const char* key, std::uint32_t number) {
        if (number != 0) object_[key] = number;
        return *this;
    }
    std::string text() const { return json::serialize(object_); }

private:
    json::object object_;
};

std::string text_of(const Interface& i) {
    return Entry()
        .put("name", i.name.empty() ? i.descr : i.name)
        .put("descr", i.descr)
        .put("type", i.type)
        .put("speed_bps", i.speed_bps)
        .put("mac", i.mac)
        .put("admin", admin_word(i.admin.value_or(0)))
        .put("oper", oper_word(i.oper.value_or(0)))
        .put("alias", i.alias)
        .text();
}

std::string name_of(const Interface& i) {
    return !i.name.empty() ? i.name : !i.descr.empty() ? i.descr : std::to_string(i.index);
}

}  // namespace

void Device::fact(wire::Observation& o, std::string name, wire::FactValue value) const {
    o.facts.push_back({{wire::SubjectKind::device, subject_}, std::move(name), std::move(value)});
}

void Device::add_silence(wire::Observation& o) const { fact(o, "snmp_ok", false); }

void Device::add(const System& system, wire::Observation& o) const {
    fact(o, "snmp_ok", true);
    const auto say = [&](const char* name, const std::string& text) {
        if (!text.empty()) fact(o, name, text);
    };
    say("description", system.descr);
    say("name", system.name);
    say("location", system.location);
    say("engine_id", crypto::to_hex(view_of(system.engine_id)));
    if (system.object_id) say("object_id", to_text(*system.object_id));
    const auto uptime = static_cast<std::int64_t>(system.ticks / 100);
    // Coarse, so that the fact changes seldom; a restart shows all the same.
    if (system.ticks > 0) fact(o, "device_uptime_s", uptime < 3600 ? uptime / 60 * 60 : uptime / 3600 * 3600);
}

void Device::add(const Inventory& seen, wire::Observation& o) {
    const auto say = [&](const char* name, const std::string& text) {
        if (!text.empty()) fact(o, name, text);
    };
    const auto& identity = seen.identity;
    if (identity.enterprise) fact(o, "enterprise", static_cast<std::int64_t>(*identity.enterprise));
    say("vendor", identity.vendor);
    say("hardware", identity.hardware);
    say("version", identity.version);
    say("serial", identity.serial);
    if (seen.ups.on_battery) fact(o, "ups_on_battery", *seen.ups.on_battery);
    if (seen.ups.charge_percent) fact(o, "ups_charge_percent", static_cast<std::int64_t>(*seen.ups.charge_percent));
    std::optional<int> lowest;
    for (const auto& s : seen.supplies.items)
        if (s.percent) lowest = std::min(lowest.value_or(100), *s.percent);
    if (lowest) fact(o, "supply_lowest_percent", static_cast<std::int64_t>(*lowest));
    name_series(seen.interfaces.items);
    add_lists(seen, o);
}

// "10.1.0.1/Gi0/1"; two ports of one name are told apart by their index.
void Device::name_series(const std::vector<Interface>& all) {
    interfaces_.clear();
    series_.clear();
    std::set<std::string> taken;
    const auto address = subject_.substr(subject_.find(':') + 1);
    for (const auto& i : all) {
        if (interfaces_.size() >= most_entries) break;
        auto name = address + "/" + name_of(i);
        if (!taken.insert(name).second) name += "#" + std::to_string(i.index);
        series_[i.index] = std::move(name);
        interfaces_[i.index] = i;
    }
}

void Device::add_lists(const Inventory& seen, wire::Observation& o) const {
    Entries interfaces, addresses, neighbours, stations, arp, parts, supplies;
    for (const auto& i : seen.interfaces.items) interfaces[std::to_string(i.index)] = text_of(i);
    for (const auto& a : seen.addresses.items)
        addresses[a.address] = Entry().put("prefix", a.prefix).put("interface", a.interface).text();
    std::map<std::string, int> on_port;
    for (const auto& n : seen.neighbours.items) {
        const auto port = fmt::format("{}/{}", n.local, n.protocol);
        const auto found = interfaces_.find(n.local);
        const auto local = !n.local_name.empty()        ? n.local_name
                           : found != interfaces_.end() ? name_of(found->second)
                                                        : "";
        neighbours[fmt::format("{}/{}", port, ++on_port[port])] = Entry()
                                                                      .put("protocol", n.protocol)
                                                                      .put("chassis", n.chassis)
                                                                      .put("port", n.port)
                                                                      .put("name", n.name)
                                                                      .put("local", local)
                                                                      .put("platform", n.platform)
                                                                      .text();
    }
    for (const auto& s : seen.stations.items)
        stations[s.mac] = Entry().put("interface", s.interface).put("vlan", s.vlan).text();
    for (const auto& r : seen.arp.items)
        arp[r.address] = Entry().put("mac", r.mac).put("interface", r.interface).text();
    for (const auto& p : seen.parts.items) {
        const auto version = !p.software.empty() ? p.software : !p.firmware.empty() ? p.firmware : p.hardware;
        parts[std::to_string(p.index)] = Entry()
                                             .put("class", class_word(p.cls))
                                             .put("name", p.name.empty() ? p.descr : p.name)
                                             .put("model", p.model)
                                             .put("serial", p.serial)
                                             .put("version", version)
                                             .text();
    }
    for (const auto& s : seen.supplies.items)
        supplies[std::to_string(s.number)] = Entry().put("name", s.name).put("percent", s.percent).text();
    tell_list("interface/", interfaces, seen.interfaces.is_whole, o);
    tell_list("address/", addresses, seen.addresses.is_whole, o);
    tell_list("neighbour/", neighbours, seen.neighbours.is_whole, o);
    tell_list("fdb/", stations, seen.stations.is_whole, o);
    tell_list("arp/", arp, seen.arp.is_whole, o);
    tell_list("part/", parts, seen.parts.is_whole, o);
    tell_list("supply/", supplies, seen.supplies.is_whole, o);
}

// Of a list that was read to its end the agent finds out what has gone, over restarts, too; of the others what is there
// is news.
void Device::tell_list(const std::string& list, const Entries& now, bool is_whole, wire::Observation& o) const {
    if (is_whole) o.whole.push_back({{wire::SubjectKind::device, subject_}, list});
    std::size_t told = 0;
    for (const auto& [entry, value] : now) {
        if (entry.empty() || entry.size() > longest_entry) continue;
        if (++told > most_entries) break;
        fact(o, list + entry, value);
    }
}

void Device::add(const std::vector<Counters>& now, std::uint64_t ticks, Mono at, bool with_rates,
                 wire::Observation& o) {
    const auto up = std::count_if(now.begin(), now.end(), [](const Counters& c) { return c.oper == 1; });
    fact(o, "interfaces_up", static_cast<std::int64_t>(up));
    add_states(now, o);
    const bool restarted = ticks < ticks_before_;
    if (with_rates && before_at_ && at > *before_at_ && !restarted)
        add_rates(now, std::chrono::duration<double>(at - *before_at_).count(), o);
    before_ = now;
    before_at_ = at;
    ticks_before_ = ticks;
}

// A port that went up or down is told between two inventories, too.
void Device::add_states(const std::vector<Counters>& now, wire::Observation& o) {
    for (const auto& c : now) {
        const auto found = interfaces_.find(c.index);
        if (found == interfaces_.end() || !c.oper || found->second.oper == c.oper) continue;
        found->second.oper = c.oper;
        fact(o, "interface/" + std::to_string(c.index), text_of(found->second));
    }
}

void Device::add_rates(const std::vector<Counters>& now, double seconds, wire::Observation& o) const {
    for (const auto& c : now) {
        const auto was = std::find_if(before_.begin(), before_.end(),
                                      [&](const Counters& b) { return b.index == c.index && b.is_wide == c.is_wide; });
        const auto known = interfaces_.find(c.index);
        if (was == before_.end() || known == interfaces_.end() || known->second.type == soft_loopback) continue;
        const auto name = series_.at(c.index);
        const auto rate = [&](const char* metric, const auto& from, const auto& to) {
            if (!from || !to) return;
            if (const auto n = rise(*from, *to, c.is_wide))
                o.samples.push_back({{metric, name, "By/s"}, round_rate(static_cast<double>(*n) / seconds)});
        };
        rate("snmp.if_rx", was->rx, c.rx);
        rate("snmp.if_tx", was->tx, c.tx);
        if (c.errors >= was->errors)
            o.samples.push_back({{"snmp.if_errors", name, "1"}, static_cast<double>(c.errors - was->errors)});
    }
}

}  // namespace vg::probes::snmp
