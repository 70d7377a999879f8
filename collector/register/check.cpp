#include "collector/register/read.hpp"

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
    Checker(const Register& reg, Problems& problems) : reg_(reg), problems_(problems) {}

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
    void name(std::string_view what, const std::string& value, const Place& place) {
        if (!value.empty() && !is_name(value))
            problems_.add(place, std::string(what) + " '" + value +
                                     "' may hold letters a-z, digits, '-', '_' and '.', 64 at most");
    }
    void once(std::map<std::string, Place>& seen, const std::string& key, const std::string& what, const Place& place) {
        const auto [it, is_new] = seen.emplace(key, place);
        if (!is_new && !key.empty()) problems_.add(place, what + " stands twice; first at " + to_string(it->second));
    }
    void site_exists(const std::string& site, const Place& place) {
        if (!site.empty() && site != "?" && !sites_.contains(site))
            problems_.add(place, "there is no site '" + site + "'");
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
                    problems_.add(unit.place, "unit '" + unit.code + "' is valid twice at the same time; first at " +
                                                  to_string(other->place));
            by_code[unit.code].push_back(&unit);
        }
        for (const auto& unit : reg_.units)
            if (!unit.parent.empty() && !by_code.contains(unit.parent))
                problems_.add(unit.place, "the parent '" + unit.parent + "' of unit '" + unit.code + "' is not a unit");
        for (const auto& unit : reg_.units) circle(unit);
        for (const auto& event : reg_.successions)
            for (const auto* codes : {&event.from, &event.to})
                for (const auto& code : *codes)
                    if (!by_code.contains(code)) problems_.add(event.place, "there is no unit '" + code + "'");
    }
    void circle(const Unit& start) {
        std::set<std::string> seen{start.code};
        for (const auto* unit = reg_.unit(start.parent); unit != nullptr; unit = reg_.unit(unit->parent)) {
            if (unit->code == start.code) problems_.add(start.place, "unit '" + start.code + "' is its own ancestor");
            if (!seen.insert(unit->code).second) return;
        }
    }

    void sites() {
        std::map<std::string, Place> seen;
        for (const auto& site : reg_.sites) {
            name("the site id", site.id, site.place);
            once(seen, site.id, "site '" + site.id + "'", site.place);
            sites_.insert(site.id);
            if (!site.unit.empty() && reg_.unit(site.unit) == nullptr)
                problems_.add(site.place, "there is no unit '" + site.unit + "'");
        }
    }

    void uplinks() {
        std::map<std::string, Place> seen, primary, hops;
        for (const auto& line : reg_.uplinks) {
            name("the uplink name", line.name, line.place);
            site_exists(line.site, line.place);
            if (!line.name.empty())
                once(seen, line.site + "/" + line.name, "uplink '" + line.name + "' of site '" + line.site + "'",
                     line.place);
            if (line.primary) once(primary, line.site, "the primary uplink of site '" + line.site + "'", line.place);
            if (!line.next_hop.empty())
                once(hops, line.site + " " + line.next_hop,
                     "next_hop " + line.next_hop + " at site '" + line.site + "' (it tells lines apart)", line.place);
        }
    }

    void services() {
        std::map<std::string, Place> seen;
        for (const auto& service : reg_.services) {
            name("the service id", service.id, service.place);
            site_exists(service.site, service.place);
            for (const auto& site : service.checked_from) site_exists(site, service.place);
            once(seen, service.id.empty() ? "" : service.site + "/" + service.id, "service '" + service.id + "'",
                 service.place);
            if (!service.site.empty() && seen.contains("/" + service.id))
                problems_.add(service.place, "service '" + service.id + "' is the province's, too; name it otherwise");
        }
    }

    void devices() {
        std::map<std::string, Place> macs, ips, names;
        for (const auto& device : reg_.devices) {
            site_exists(device.site, device.place);
            const auto at = [&](const std::string& key) { return key.empty() ? "" : device.site + " " + key; };
            once(names, at(device.name), "device '" + device.name + "' of site '" + device.site + "'", device.place);
            once(macs, at(device.mac), "mac " + device.mac + " at site '" + device.site + "'", device.place);
            once(ips, at(device.ip), "ip " + device.ip + " at site '" + device.site + "'", device.place);
        }
    }

    void software() {
        std::map<std::string, Place> seen;
        for (const auto& one : reg_.software) {
            site_exists(one.site, one.place);
            once(seen, one.name.empty() ? "" : one.site + "/" + one.name + "/" + one.version,
                 "software '" + one.name + "'", one.place);
        }
    }

    void addresses() {
        std::map<std::string, Place> seen;
        for (const auto& plan : reg_.addresses) {
            site_exists(plan.site, plan.place);
            once(seen, plan.prefix, "the prefix " + plan.prefix, plan.place);
        }
    }

    void segments() {
        std::map<std::string, Place> seen;
        for (const auto& segment : reg_.segments) {
            site_exists(segment.site, segment.place);
            once(seen, segment.name.empty() ? "" : segment.site + "/" + segment.name,
                 "segment '" + segment.name + "' of site '" + segment.site + "'", segment.place);
        }
    }

    void probes() {
        std::map<std::string, Place> seen;
        for (const auto& probe : reg_.probes) {
            name("the probe id", probe.id, probe.place);
            site_exists(probe.site, probe.place);
            once(seen, probe.id.empty() ? "" : probe.site + "/" + probe.id, "probe '" + probe.id + "'", probe.place);
        }
    }

    const Register& reg_;
    Problems& problems_;
    std::set<std::string> sites_;
};

}  // namespace

void check(const Register& reg, Problems& problems) { Checker(reg, problems).run(); }

}  // namespace vg::collector::registry
