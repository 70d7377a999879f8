#include "collector/register/read.hpp"
#include "collector/register/value_places.hpp"

#include <map>
#include <set>
#include <string>

namespace vg::collector::registry {
namespace {

bool is_name(std::string_view text) {  // it becomes part of ids "SITE/NAME" and of file-like keys
    if (text.empty() || text.size() > 64) return false;
    for (const char c : text) {
        const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                          c == '_' || c == '.';
        if (!good) return false;
    }
    return true;
}

class Checker {
public:
    Checker(const Register& reg, const ValuePlaces& values, Problems& problems)
        : reg_(reg), values_(values), problems_(problems) {}

    void run() {
        units();
        sites();
        uplinks();
        services();
        devices();
        software();
        addresses();
        segments();
        probes();
    }

private:
    void name(Wording<0> what, const std::string& value, const Place& place) {
        if (!value.empty() && !is_name(value))
            problems_.add(place,
                          {"{} '{}' chỉ được có chữ a-z, chữ số, '-', '_' và '.', nhiều nhất 64 ký tự",
                           "{} '{}' may hold letters a-z, digits, '-', '_' and '.', 64 at most"},
                          say(what), value);
    }
    // `what` is said only when it stands twice.
    template <class... Values>
    void once(std::map<std::string, Place>& seen, const std::string& key, const Place& place,
              Wording<sizeof...(Values)> what, const Values&... values) {
        const auto [it, is_new] = seen.emplace(key, place);
        if (!is_new && !key.empty())
            problems_.add(place, {"{} ghi hai lần; lần đầu ở {}", "{} stands twice; first at {}"}, say(what, values...),
                          it->second);
    }
    void site_exists(const std::string& site, const Place& record, std::string_view key = "site") {
        if (!site.empty() && site != "?" && !sites_.contains(site))
            problems_.add(values_.of(record, key),
                          {"không có trụ sở '{}' trong danh mục", "there is no site '{}' in the register"}, site);
    }

    void no_unit(const std::string& code, const Place& record, std::string_view key) {
        problems_.add(values_.of(record, key),
                      {"không có đơn vị '{}' trong danh mục", "there is no unit '{}' in the register"}, code);
    }

    static bool overlap(const Validity& a, const Validity& b) {
        const bool a_before_b = a.to && b.from && *a.to <= *b.from;
        const bool b_before_a = b.to && a.from && *b.to <= *a.from;
        return !a_before_b && !b_before_a;
    }

    void units() {
        std::map<std::string, std::vector<const Unit*>> by_code;
        for (const auto& unit : reg_.units) {
            for (const auto* other : by_code[unit.code])
                if (!unit.code.empty() && overlap(unit.valid, other->valid))
                    problems_.add(unit.place,
                                  {"mã đơn vị '{}' có hiệu lực hai lần cùng lúc; lần đầu ở {}",
                                   "unit '{}' is valid twice at the same time; first at {}"},
                                  unit.code, other->place);
            by_code[unit.code].push_back(&unit);
        }
        for (const auto& unit : reg_.units)
            if (!unit.parent.empty() && !by_code.contains(unit.parent))
                problems_.add(values_.of(unit.place, "parent"),
                              {"đơn vị cấp trên '{}' của đơn vị '{}' không có trong danh mục",
                               "the parent '{}' of unit '{}' is not a unit of the register"},
                              unit.parent, unit.code);
        for (const auto& unit : reg_.units) circle(unit);
        for (const auto& event : reg_.successions)
            for (const auto& [key, codes] : {std::pair("from", &event.from), std::pair("to", &event.to)})
                for (const auto& code : *codes)
                    if (!by_code.contains(code)) no_unit(code, event.place, key);
    }
    void circle(const Unit& start) {
        std::set<std::string> seen{start.code};
        for (const auto* unit = reg_.unit(start.parent); unit != nullptr; unit = reg_.unit(unit->parent)) {
            if (unit->code == start.code)
                problems_.add(values_.of(start.place, "parent"),
                              {"đơn vị '{}' là cấp trên của chính nó; hãy sửa 'parent'",
                               "unit '{}' is its own ancestor; correct 'parent'"},
                              start.code);
            if (!seen.insert(unit->code).second) return;
        }
    }

    void sites() {
        std::map<std::string, Place> seen;
        for (const auto& site : reg_.sites) {
            name({"mã trụ sở", "the site id"}, site.id, site.place);
            once(seen, site.id, site.place, {"trụ sở '{}'", "site '{}'"}, site.id);
            sites_.insert(site.id);
            if (!site.unit.empty() && reg_.unit(site.unit) == nullptr) no_unit(site.unit, site.place, "unit");
        }
    }

    void uplinks() {
        std::map<std::string, Place> seen, primary, hops;
        for (const auto& line : reg_.uplinks) {
            name({"tên đường truyền", "the uplink name"}, line.name, line.place);
            site_exists(line.site, line.place);
            if (!line.name.empty())
                once(seen, line.site + "/" + line.name, line.place,
                     {"đường truyền '{}' của trụ sở '{}'", "uplink '{}' of site '{}'"}, line.name, line.site);
            if (line.primary)
                once(primary, line.site, line.place,
                     {"đường truyền chính của trụ sở '{}'", "the primary uplink of site '{}'"}, line.site);
            if (!line.next_hop.empty())
                once(hops, line.site + " " + line.next_hop, line.place,
                     {"next_hop {} ở trụ sở '{}' (để phân biệt các đường truyền)",
                      "next_hop {} at site '{}' (it tells lines apart)"},
                     line.next_hop, line.site);
        }
    }

    void services() {
        std::map<std::string, Place> seen;
        for (const auto& service : reg_.services) {
            name({"mã dịch vụ", "the service id"}, service.id, service.place);
            site_exists(service.site, service.place);
            for (const auto& site : service.checked_from) site_exists(site, service.place, "checked_from");
            once(seen, service.id.empty() ? "" : service.site + "/" + service.id, service.place,
                 {"dịch vụ '{}'", "service '{}'"}, service.id);
            if (!service.site.empty() && seen.contains("/" + service.id))
                problems_.add(service.place,
                              {"dịch vụ '{}' cũng là của tỉnh; hãy đặt mã khác",
                               "service '{}' is the province's, too; name it otherwise"},
                              service.id);
        }
    }

    void devices() {
        std::map<std::string, Place> macs, ips, names;
        for (const auto& device : reg_.devices) {
            site_exists(device.site, device.place);
            const auto at = [&](const std::string& key) { return key.empty() ? "" : device.site + " " + key; };
            once(names, at(device.name), device.place, {"thiết bị '{}' của trụ sở '{}'", "device '{}' of site '{}'"},
                 device.name, device.site);
            once(macs, at(device.mac), device.place, {"địa chỉ MAC {} ở trụ sở '{}'", "mac {} at site '{}'"},
                 device.mac, device.site);
            once(ips, at(device.ip), device.place, {"địa chỉ IP {} ở trụ sở '{}'", "ip {} at site '{}'"}, device.ip,
                 device.site);
        }
    }

    void software() {
        std::map<std::string, Place> seen;
        for (const auto& one : reg_.software) {
            site_exists(one.site, one.place);
            once(seen, one.name.empty() ? "" : one.site + "/" + one.name + "/" + one.version, one.place,
                 {"phần mềm '{}'", "software '{}'"}, one.name);
        }
    }

    void addresses() {
        std::map<std::string, Place> seen;
        for (const auto& plan : reg_.addresses) {
            site_exists(plan.site, plan.place);
            once(seen, plan.prefix, plan.place, {"dải địa chỉ {}", "the prefix {}"}, plan.prefix);
        }
    }

    void segments() {
        std::map<std::string, Place> seen;
        for (const auto& segment : reg_.segments) {
            site_exists(segment.site, segment.place);
            once(seen, segment.name.empty() ? "" : segment.site + "/" + segment.name, segment.place,
                 {"phân đoạn mạng '{}' của trụ sở '{}'", "segment '{}' of site '{}'"}, segment.name, segment.site);
        }
    }

    void probes() {
        std::map<std::string, Place> seen;
        for (const auto& probe : reg_.probes) {
            name({"mã phép dò", "the probe id"}, probe.id, probe.place);
            site_exists(probe.site, probe.place);
            once(seen, probe.id.empty() ? "" : probe.site + "/" + probe.id, probe.place, {"phép dò '{}'", "probe '{}'"},
                 probe.id);
        }
    }

    const Register& reg_;
    const ValuePlaces& values_;
    Problems& problems_;
    std::set<std::string> sites_;
};

}  // namespace

void check(const Register& reg, const ValuePlaces& values, Problems& problems) { Checker(reg, values, problems).run(); }

}  // namespace vg::collector::registry
