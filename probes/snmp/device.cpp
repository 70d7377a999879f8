#include "probes/snmp/device.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>

namespace vg::probes::snmp {
namespace {

constexpr std::uint32_t descr = 2, type = 3, speed = 5, admin = 7, oper = 8, in_octets = 10, in_errors = 14,
                        out_octets = 16, out_errors = 20;
constexpr std::uint32_t x_name = 1, x_in = 6, x_out = 10, x_speed = 15, x_alias = 18;
constexpr std::size_t most_json = 4000;  // a fact's text is limited (wire/limits.hpp)

const Value* at(const Rows& rows, const Oid& index, std::uint32_t column) {
    const auto row = rows.find(index);
    if (row == rows.end()) return nullptr;
    const auto cell = row->second.find(column);
    return cell == row->second.end() ? nullptr : &cell->second;
}

std::optional<std::uint64_t> number(const Value* value) {
    if (!value) return std::nullopt;
    if (const auto* u = std::get_if<std::uint64_t>(value)) return *u;
    if (const auto* i = std::get_if<std::int64_t>(value); i && *i >= 0) return static_cast<std::uint64_t>(*i);
    return std::nullopt;
}

// Devices pad with zeros and speak any encoding: control characters and broken UTF-8 become '?'.
std::string clean(const Value* value, std::size_t most) {
    const auto* text = value ? std::get_if<std::string>(value) : nullptr;
    if (!text) return {};
    std::string out;
    for (std::size_t i = 0; i < text->size() && out.size() < most;) {
        const auto c = static_cast<unsigned char>((*text)[i]);
        if (c == 0) break;
        const std::size_t n = c < 0x80                ? 1
                              : c >= 0xc2 && c < 0xe0 ? 2
                              : c >= 0xe0 && c < 0xf0 ? 3
                              : c >= 0xf0 && c < 0xf5 ? 4
                                                      : 0;
        bool good = n > 0 && i + n <= text->size();
        for (std::size_t k = 1; good && k < n; ++k) good = (static_cast<unsigned char>((*text)[i + k]) & 0xc0) == 0x80;
        if (!good || c < 0x20) {
            out += c == '\r' || c == '\n' || c == '\t' ? ' ' : '?';
            ++i;
            continue;
        }
        out.append(*text, i, n);
        i += n;
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

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

std::string as_json(const std::vector<Interface>& all) {
    std::string out = "[";
    for (const auto& i : all) {
        const boost::json::object row{
            {"index", i.index}, {"name", i.name}, {"oper", i.oper}, {"admin", i.admin}, {"speed_bps", i.speed_bps}};
        const auto text = boost::json::serialize(row);
        if (out.size() + text.size() + 2 > most_json) break;  // `interfaces` counts all of them
        out += (out.size() > 1 ? "," : "") + text;
    }
    return out + "]";
}

}  // namespace

const std::vector<Oid>& system_oids() {  // sysDescr, sysObjectID, sysUpTime, sysName, sysLocation
    static const std::vector<Oid> all{{1, 3, 6, 1, 2, 1, 1, 1, 0},
                                      {1, 3, 6, 1, 2, 1, 1, 2, 0},
                                      {1, 3, 6, 1, 2, 1, 1, 3, 0},
                                      {1, 3, 6, 1, 2, 1, 1, 5, 0},
                                      {1, 3, 6, 1, 2, 1, 1, 6, 0}};
    return all;
}
const Oid& if_entry() {
    static const Oid entry{1, 3, 6, 1, 2, 1, 2, 2, 1};
    return entry;
}
const Oid& if_x_entry() {
    static const Oid entry{1, 3, 6, 1, 2, 1, 31, 1, 1, 1};
    return entry;
}
std::vector<std::uint32_t> if_columns() {
    return {descr, type, speed, admin, oper, in_octets, in_errors, out_octets, out_errors};
}
std::vector<std::uint32_t> if_x_columns() { return {x_name, x_in, x_out, x_speed, x_alias}; }

std::vector<Interface> interfaces_of(const Rows& interfaces, const Rows& extensions) {
    Rows indexes = interfaces;  // some devices have only the extension table
    for (const auto& [index, row] : extensions) indexes[index];
    std::vector<Interface> all;
    for (const auto& [index, row] : indexes) {
        if (index.size() != 1) continue;
        Interface i;
        i.index = index[0];
        i.name = clean(at(extensions, index, x_name), 64);
        if (i.name.empty()) i.name = clean(at(interfaces, index, descr), 64);
        if (i.name.empty()) i.name = std::to_string(i.index);
        i.alias = clean(at(extensions, index, x_alias), 64);
        const auto small = [&interfaces, &index = index](std::uint32_t column) {
            return static_cast<std::int64_t>(number(at(interfaces, index, column)).value_or(0));
        };
        i.admin = small(admin);
        i.oper = small(oper);
        i.type = small(type);
        i.speed_bps = number(at(interfaces, index, speed)).value_or(0);
        const auto mega = number(at(extensions, index, x_speed)).value_or(0);
        if ((i.speed_bps == 0 || i.speed_bps == 0xffffffffu) && mega > 0 && mega < 100'000'000)
            i.speed_bps = mega * 1'000'000;
        i.rx = number(at(extensions, index, x_in));
        i.tx = number(at(extensions, index, x_out));
        i.is_wide = i.rx && i.tx;
        if (!i.is_wide) {
            i.rx = number(at(interfaces, index, in_octets));
            i.tx = number(at(interfaces, index, out_octets));
        }
        i.errors = number(at(interfaces, index, in_errors)).value_or(0) +
                   number(at(interfaces, index, out_errors)).value_or(0);
        all.push_back(std::move(i));
    }
    return all;
}

void Device::fact(wire::Observation& o, const char* name, wire::FactValue value) const {
    o.facts.push_back({{wire::SubjectKind::device, subject_}, name, std::move(value)});
}

void Device::add_silence(wire::Observation& o) const { fact(o, "snmp_ok", false); }

void Device::add(const Answers& answers, Mono now_at, bool with_rates, wire::Observation& o) {
    fact(o, "snmp_ok", true);
    std::uint64_t ticks = 0;
    for (const auto& b : answers.system) {
        if (b.oid.size() < 9) continue;
        const auto* id = std::get_if<Oid>(&b.value);
        const auto text = clean(&b.value, 500);
        switch (b.oid[7]) {
            case 1:
                if (!text.empty()) fact(o, "description", text);
                break;
            case 2:
                if (id) fact(o, "object_id", to_text(*id));
                break;
            case 3: ticks = number(&b.value).value_or(0); break;
            case 5:
                if (!text.empty()) fact(o, "name", text);
                break;
            case 6:
                if (!text.empty()) fact(o, "location", text);
                break;
            default: break;
        }
    }
    const auto uptime = static_cast<std::int64_t>(ticks / 100);
    // Coarse, so that the fact changes seldom; a restart shows all the same.
    if (ticks > 0) fact(o, "device_uptime_s", uptime < 3600 ? uptime / 60 * 60 : uptime / 3600 * 3600);
    const auto all = interfaces_of(answers.interfaces, answers.extensions);
    const auto up = std::count_if(all.begin(), all.end(), [](const Interface& i) { return i.oper == 1; });
    fact(o, "interfaces_up", static_cast<std::int64_t>(up));
    fact(o, "interfaces_json", as_json(all));
    const bool restarted = ticks < uptime_before_;
    if (with_rates && before_at_ && now_at > *before_at_ && !restarted)
        add_rates(all, std::chrono::duration<double>(now_at - *before_at_).count(), o);
    before_ = all;
    before_at_ = now_at;
    uptime_before_ = ticks;
}

void Device::add_rates(const std::vector<Interface>& now, double seconds, wire::Observation& o) const {
    for (const auto& i : now) {
        const auto was = std::find_if(before_.begin(), before_.end(), [&](const Interface& b) {
            return b.index == i.index && b.name == i.name && b.is_wide == i.is_wide;
        });
        if (was == before_.end() || i.type == 24) continue;  // softwareLoopback
        const auto rate = [&](const char* metric, const auto& from, const auto& to) {
            if (!from || !to) return;
            if (const auto n = rise(*from, *to, i.is_wide))
                o.samples.push_back({{metric, i.name, "By/s"}, round_rate(static_cast<double>(*n) / seconds)});
        };
        rate("snmp.if_rx", was->rx, i.rx);
        rate("snmp.if_tx", was->tx, i.tx);
        if (i.errors >= was->errors)
            o.samples.push_back({{"snmp.if_errors", i.name, "1"}, static_cast<double>(i.errors - was->errors)});
    }
}

}  // namespace vg::probes::snmp
