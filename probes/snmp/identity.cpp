#include "probes/snmp/identity.hpp"

#include "probes/snmp/pattern.hpp"

#include <algorithm>
#include <set>

namespace vg::probes::snmp {
namespace {

const Oid private_enterprises{1, 3, 6, 1, 4, 1};
const Oid printer_model{1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3};    // hrDeviceDescr
const Oid printer_serial{1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17};  // prtGeneralSerialNumber
const Oid ups_model{1, 3, 6, 1, 2, 1, 33, 1, 1, 2};           // upsIdentModel
const Oid ups_version{1, 3, 6, 1, 2, 1, 33, 1, 1, 3};         // upsIdentUPSSoftwareVersion
const Oid probe_version{1, 3, 6, 1, 2, 1, 16, 19, 2};         // probeSoftwareRev, RFC 4502
const Oid ups_agent_version{1, 3, 6, 1, 2, 1, 33, 1, 1, 4};

std::string first_text(const std::vector<Binding>& values, const Oid& object) {
    for (const auto& binding : values)
        if (binding.oid == object || is_under(binding.oid, object))
            if (auto said = text(&binding.value); !said.empty()) return said;
    return {};
}

const std::string& text_of(const Part& part, PartText what) {
    static const std::string none;
    switch (what) {
        case PartText::none: return none;
        case PartText::descr: return part.descr;
        case PartText::name: return part.name;
        case PartText::hardware: return part.hardware;
        case PartText::firmware: return part.firmware;
        case PartText::software: return part.software;
        case PartText::serial: return part.serial;
        case PartText::model: return part.model;
    }
    return none;
}

// Of the chassis; where it says nothing, of a stack, of what stands alone, at last of any part.
std::string part_text(const std::vector<Part>& parts, PartText what, const std::string& pattern = {}) {
    constexpr std::int64_t chassis = 3, stack = 11;
    const auto fits = [&](const std::string& said) {
        return !said.empty() && (pattern.empty() || find_pattern(pattern, said));
    };
    const auto first = [&](const auto& is_wanted) -> std::string {
        for (const auto& part : parts)
            if (is_wanted(part) && fits(text_of(part, what))) return text_of(part, what);
        return {};
    };
    auto said = first([](const Part& p) { return p.cls == chassis; });
    if (said.empty()) said = first([](const Part& p) { return p.cls == stack; });
    if (said.empty()) said = first([](const Part& p) { return p.within == 0; });
    if (said.empty()) said = first([](const Part&) { return true; });
    return said;
}

Oid row_of(const Way& way, const Evidence& evidence) {
    for (const auto& binding : evidence.values) {
        if (binding.oid != way.row && !is_under(binding.oid, way.row)) continue;
        const auto row = number(&binding.value);
        return row && *row <= UINT32_MAX ? way.oid + static_cast<std::uint32_t>(*row) : Oid{};
    }
    return {};
}

// Empty: no object, a row that nothing names, or an object under a sysObjectID that does not lead to a vendor.
Oid object_of(const Way& way, const Evidence& evidence) {
    if (!way.row.empty()) return row_of(way, evidence);
    if (!way.is_own) return way.oid;
    if (!enterprise_of(evidence.object_id)) return {};
    Oid whole = *evidence.object_id;
    if (whole.size() <= private_enterprises.size() + way.up) return {};
    whole.resize(whole.size() - way.up);
    whole.insert(whole.end(), way.oid.begin(), way.oid.end());
    return whole;
}

std::string text_by(const Way& way, const Evidence& evidence) {
    if (!way.oid.empty()) {
        const auto object = object_of(way, evidence);
        return object.empty() ? "" : first_text(evidence.values, object);
    }
    return way.part != PartText::none ? part_text(evidence.parts, way.part, way.pattern) : evidence.descr;
}

std::string go(const std::vector<Way>& ways, const Evidence& evidence) {
    for (const auto& way : ways) {
        auto said = text_by(way, evidence);
        if (said.empty()) continue;
        if (!way.pattern.empty()) {
            const auto found = find_pattern(way.pattern, said);
            const std::string copy = found.value_or("");
            const Value value = copy;
            said = text(&value);  // without blanks at its ends
        }
        if (!said.empty()) return said;
    }
    return {};
}

bool fits(const Family& family, const Evidence& evidence) {
    const bool object_fits =
        family.object.empty() ||
        (evidence.object_id && (*evidence.object_id == family.object || is_under(*evidence.object_id, family.object)));
    return object_fits && (family.descr.empty() || find_pattern(family.descr, evidence.descr));
}

std::vector<const Ways*> ways_of(const Vendor& vendor, const Evidence& evidence) {
    std::vector<const Ways*> all;
    for (const auto& family : vendor.families)
        if (fits(family, evidence)) all.push_back(&family.ways);
    all.push_back(&vendor.ways);
    return all;
}

// Whose files to ask, the most particular first.
std::vector<const Vendor*> vendors_of(const Evidence& evidence) {
    std::vector<const Vendor*> all;
    const auto add = [&all](const Vendor* vendor) {
        if (vendor && std::find(all.begin(), all.end(), vendor) == all.end()) all.push_back(vendor);
    };
    const auto number = enterprise_of(evidence.object_id);
    const auto* own = number ? find_vendor(*number) : nullptr;
    if (own && !own->is_platform) add(own);
    if (!own || own->is_platform)
        for (const auto other : evidence.enterprises) {
            const auto* vendor = find_vendor(other);
            if (vendor && !vendor->is_platform) add(vendor);
        }
    add(own);
    return all;
}

std::string serial_in(const std::string& descr) {
    static const std::string pattern =
        R"((?i)\b(?:s/?n|serial(?:[ _-]?(?:number|no|num|nr))?)\b\.?[:=#]*\s*([A-Z0-9][\w-]{3,}))";
    return find_pattern(pattern, descr).value_or("");
}

// "Model: X", or the text's beginning as far as it is a name.
std::string hardware_in(const std::string& descr) {
    static const std::vector<std::string> patterns{
        R"((?i)\bmodel(?: name| number| no\.?)?[:=]\s*([^,;>)]+))",
        R"(^([^,;(]*?\d[^,;(]*?)(?:,|;| \(| - | : |[ -](?i:version|software|firmware|release|rev|ver|sw|fw|hw|v|s/n|sn))"
        R"(\b[ .:]?| [vV]\d| \d+\.\d+|$))",
        R"(^([^,;(]{3,40}?)(?:,|;| \(| (?i:version|software|firmware|release)\b|$))",
    };
    if (find_pattern("^(?:Linux|FreeBSD|Hardware:|Darwin|SunOS) ", descr)) return {};
    for (const auto& pattern : patterns)
        if (auto found = find_pattern(pattern, descr); found && !found->empty()) return *found;
    return {};
}

void add_standard(Identity& identity, const Evidence& evidence) {
    const auto fill = [](std::string& field, std::string said) {
        if (field.empty()) field = std::move(said);
    };
    const bool is_printer = !first_text(evidence.values, printer_serial).empty();
    fill(identity.serial, part_text(evidence.parts, PartText::serial));
    fill(identity.serial, first_text(evidence.values, printer_serial));
    fill(identity.serial, serial_in(evidence.descr));
    fill(identity.hardware, part_text(evidence.parts, PartText::model));
    fill(identity.hardware, first_text(evidence.values, ups_model));
    if (is_printer) fill(identity.hardware, first_text(evidence.values, printer_model));
    fill(identity.hardware, hardware_in(evidence.descr));
    for (const auto what : {PartText::descr, PartText::name}) fill(identity.hardware, part_text(evidence.parts, what));
    fill(identity.version, version_in(evidence.descr));
    fill(identity.version, first_text(evidence.values, probe_version));
    for (const auto what : {PartText::software, PartText::firmware})
        fill(identity.version, part_text(evidence.parts, what));
    fill(identity.version, first_text(evidence.values, ups_version));
    fill(identity.version, first_text(evidence.values, ups_agent_version));
}

}  // namespace

std::optional<std::uint32_t> enterprise_of(const std::optional<Oid>& object_id) {
    if (!object_id || !is_under(*object_id, private_enterprises)) return std::nullopt;
    return object_id->at(private_enterprises.size());
}

bool needs_enterprises(const std::optional<Oid>& object_id) {
    const auto number = enterprise_of(object_id);
    const auto* own = number ? find_vendor(*number) : nullptr;
    return !own || own->is_platform;
}

std::vector<Oid> objects_to_ask(const Evidence& evidence) {
    std::set<Oid> all;
    for (const auto* vendor : vendors_of(evidence))
        for (const auto* ways : ways_of(*vendor, evidence))
            for (const auto* list : {&ways->hardware, &ways->version, &ways->serial})
                for (const auto& way : *list) {
                    if (!way.row.empty()) all.insert(way.row);
                    if (auto object = object_of(way, evidence); !object.empty()) all.insert(std::move(object));
                }
    return {all.begin(), all.end()};
}

const std::vector<Oid>& standard_objects() {
    static const std::vector<Oid> all{printer_model, printer_serial, probe_version,
                                      ups_model,     ups_version,    ups_agent_version};
    return all;
}

std::string version_in(const std::string& descr) {
    static const std::vector<std::string> patterns{
        R"((?i)\b(?:software|firmware|application|system|image|operating system|os|sw|fw|app)[ _-]?)"
        R"((?:version|ver|rev|revision|release)\b\.?[ :=#(]*v?([0-9][\w.()/+-]*[\w)]))",
        R"((?i)(?<!hardware )(?<!hw )(?<!kernel )(?<!boot )\b)"
        R"((?:version|ver|release|firmware|revision|rev)\b\.?[ :=#(]*v?([0-9][\w.()/+-]*[\w)]))",
        R"((?i)\b(?:fw|sw|software)[ :=]+v?([0-9]+\.[\w.()/+-]*[\w)]))",
        R"(\b[vV]\.?([0-9]+(?:\.[\w()-]+)+))",
        R"((?<![\w.])([0-9]+(?:\.[0-9]+){2,}[\w()-]*))",
        R"((?<![\w.])([0-9]+\.[0-9]+[a-z]?)\b)",
        R"(\b([A-Z]{1,2}\.?[0-9]+(?:\.\w+){2,}))",
    };
    for (const auto& pattern : patterns) {
        auto found = find_pattern(pattern, descr);
        if (!found) continue;
        const bool is_open =
            std::count(found->begin(), found->end(), '(') < std::count(found->begin(), found->end(), ')');
        if (is_open && found->ends_with(')')) found->pop_back();
        return *found;
    }
    return {};
}

Identity identify(const Evidence& evidence) {
    Identity identity;
    identity.enterprise = enterprise_of(evidence.object_id);
    for (const auto* vendor : vendors_of(evidence)) {
        const bool was_empty = identity.hardware.empty() && identity.version.empty() && identity.serial.empty();
        for (const auto* ways : ways_of(*vendor, evidence)) {
            if (identity.hardware.empty()) identity.hardware = go(ways->hardware, evidence);
            if (identity.version.empty()) identity.version = go(ways->version, evidence);
            if (identity.serial.empty()) identity.serial = go(ways->serial, evidence);
        }
        const bool is_empty = identity.hardware.empty() && identity.version.empty() && identity.serial.empty();
        if (identity.vendor.empty() || (was_empty && !is_empty)) identity.vendor = vendor->name;
    }
    add_standard(identity, evidence);
    return identity;
}

}  // namespace vg::probes::snmp
