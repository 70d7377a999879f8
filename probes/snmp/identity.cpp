#include "probes/snmp/identity.hpp"

#include "probes/snmp/banner.hpp"
#include "probes/snmp/pattern.hpp"
#include "probes/snmp/shapes.hpp"

#include <algorithm>
#include <set>

namespace vg::probes::snmp {
namespace {

const Oid printer_model{1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3};    // hrDeviceDescr
const Oid printer_serial{1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17};  // prtGeneralSerialNumber
const Oid ups_model{1, 3, 6, 1, 2, 1, 33, 1, 1, 2};           // upsIdentModel
const Oid ups_version{1, 3, 6, 1, 2, 1, 33, 1, 1, 3};         // upsIdentUPSSoftwareVersion
const Oid ups_agent_version{1, 3, 6, 1, 2, 1, 33, 1, 1, 4};
const Oid probe_version{1, 3, 6, 1, 2, 1, 16, 19, 2};    // probeSoftwareRev, RFC 4502
const Oid cable_serial{1, 3, 6, 1, 2, 1, 69, 1, 1, 4};   // docsDevSerialNumber, RFC 4639
const Oid cable_version{1, 3, 6, 1, 2, 1, 69, 1, 3, 5};  // docsDevSwCurrentVers
const Oid radio_model{1, 2, 840, 10036, 3, 1, 2, 1, 3};  // dot11manufacturerProductName, IEEE 802.11
const Oid radio_version{1, 2, 840, 10036, 3, 1, 2, 1, 4};
const Oid lldp_descr{1, 0, 8802, 1, 1, 2, 1, 3, 4};                // lldpLocSysDesc
const Oid med_firmware{1, 0, 8802, 1, 1, 2, 1, 5, 4795, 1, 2, 3};  // lldpXMedLocFirmwareRev, ANSI/TIA-1057
const Oid med_software{1, 0, 8802, 1, 1, 2, 1, 5, 4795, 1, 2, 4};
const Oid med_serial{1, 0, 8802, 1, 1, 2, 1, 5, 4795, 1, 2, 5};
const Oid med_model{1, 0, 8802, 1, 1, 2, 1, 5, 4795, 1, 2, 7};

constexpr std::uint32_t platforms[] = {2021, 8072};  // UCD-SNMP and Net-SNMP: objects of the agent, not of the device

std::string first_text(const std::vector<Binding>& values, const Oid& object) {
    for (const auto& binding : values)
        if (binding.oid == object || is_under(binding.oid, object))
            if (auto said = text(&binding.value); !is_filler(said)) return said;
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

// What may stand for the whole device when there is no chassis: a supply, a fan, a port or a USB stick does not.
bool may_be_device(const Part& part) {
    constexpr std::int64_t not_told = 0, other = 1, unknown = 2, backplane = 4, module = 9, processor = 12;
    const bool is_vague = part.cls == other || part.cls == unknown;
    return part.cls == not_told || part.cls == backplane || part.cls == module || part.cls == processor ||
           (is_vague && part.within == 0);
}

bool says(const Part& part, PartText what) {
    const auto& said = text_of(part, what);
    if (is_filler(said)) return false;
    return what != PartText::model || (!said.starts_with("0x") && version_likeness(said) != Likeness::strong);
}

// Of the chassis; where it says nothing, of a stack, of what stands alone, at last of any part. A pattern knows by
// itself which part it means.
std::string part_text(const std::vector<Part>& parts, PartText what, const std::string& pattern = {}) {
    constexpr std::int64_t chassis = 3, stack = 11;
    const bool is_picky = !pattern.empty();
    const auto first = [&](const auto& is_wanted) -> std::string {
        for (const auto& part : parts)
            if (is_wanted(part) && says(part, what) && (!is_picky || find_pattern(pattern, text_of(part, what))))
                return text_of(part, what);
        return {};
    };
    auto said = first([](const Part& p) { return p.cls == chassis; });
    if (said.empty()) said = first([](const Part& p) { return p.cls == stack; });
    if (said.empty()) said = first([&](const Part& p) { return p.within == 0 && (is_picky || may_be_device(p)); });
    if (said.empty()) said = first([&](const Part& p) { return is_picky || may_be_device(p); });
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
        if (!is_filler(said)) return said;
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

const Vendor* own_vendor(const Evidence& evidence) {
    const auto number = enterprise_of(evidence.object_id);
    return number ? evidence.book(*number) : nullptr;
}

// Whose files to ask, the most particular first.
std::vector<const Vendor*> vendors_of(const Evidence& evidence) {
    std::vector<const Vendor*> all;
    const auto add = [&all](const Vendor* vendor) {
        if (vendor && std::find(all.begin(), all.end(), vendor) == all.end()) all.push_back(vendor);
    };
    const auto* own = own_vendor(evidence);
    if (own && !own->is_platform) add(own);
    if (!own || own->is_platform)
        for (const auto other : evidence.enterprises) {
            const auto* vendor = evidence.book(other);
            if (vendor && !vendor->is_platform) add(vendor);
        }
    add(own);
    return all;
}

// Two witnesses, sysDescr and a look around: what is written at length in a banner is meant; a short number there may
// be of anything.
std::string likelier_version(const std::string& in_banner, const std::string& guessed) {
    const auto dots = std::count(in_banner.begin(), in_banner.end(), '.');
    const bool is_long = dots >= 2 || in_banner.find('(') != std::string::npos;
    const bool is_same = !in_banner.empty() && guessed.starts_with(in_banner + " ");
    return guessed.empty() || is_long || is_same ? in_banner : guessed;
}

void fill(std::string& field, std::string said) {
    if (field.empty()) field = std::move(said);
}

void add_serial(Identity& identity, const Evidence& evidence) {
    fill(identity.serial, part_text(evidence.parts, PartText::serial));
    for (const auto& object : {printer_serial, cable_serial, med_serial})
        fill(identity.serial, first_text(evidence.values, object));
    fill(identity.serial, serial_in(evidence.descr));
    fill(identity.serial, evidence.guessed.serial);
}

void add_hardware(Identity& identity, const Evidence& evidence) {
    const bool is_printer = !first_text(evidence.values, printer_serial).empty();
    fill(identity.hardware, part_text(evidence.parts, PartText::model));
    for (const auto& object : {ups_model, radio_model, med_model})
        fill(identity.hardware, first_text(evidence.values, object));
    if (is_printer) fill(identity.hardware, first_text(evidence.values, printer_model));
    fill(identity.hardware, evidence.guessed.hardware);
    fill(identity.hardware, hardware_in(evidence.descr));
    for (const auto what : {PartText::descr, PartText::name}) fill(identity.hardware, part_text(evidence.parts, what));
}

void add_version(Identity& identity, const Evidence& evidence) {
    fill(identity.version, first_text(evidence.values, cable_version));
    fill(identity.version, likelier_version(version_in(evidence.descr), evidence.guessed.version));
    fill(identity.version, version_in(first_text(evidence.values, lldp_descr)));
    for (const auto& object : {radio_version, probe_version, med_software, med_firmware})
        fill(identity.version, first_text(evidence.values, object));
    for (const auto what : {PartText::software, PartText::firmware})
        fill(identity.version, part_text(evidence.parts, what));
    for (const auto& object : {ups_version, ups_agent_version})
        fill(identity.version, first_text(evidence.values, object));
    fill(identity.version, kernel_in(evidence.descr));
}

Identity by_files(const Evidence& evidence) {
    Identity identity;
    identity.enterprise = enterprise_of(evidence.object_id);
    for (const auto* vendor : vendors_of(evidence)) {
        const bool was_empty = identity.hardware.empty() && identity.version.empty() && identity.serial.empty();
        for (const auto* ways : ways_of(*vendor, evidence)) {
            if (identity.hardware.empty()) identity.hardware = go(ways->hardware, evidence);
            // What a platform says of any computer is its kernel.
            const bool is_vague = vendor->is_platform && ways == &vendor->ways;
            if (identity.version.empty() && is_vague) identity.version = evidence.guessed.version;
            if (identity.version.empty()) identity.version = go(ways->version, evidence);
            if (identity.serial.empty()) identity.serial = go(ways->serial, evidence);
        }
        const bool is_empty = identity.hardware.empty() && identity.version.empty() && identity.serial.empty();
        if (identity.vendor.empty() || (was_empty && !is_empty)) identity.vendor = vendor->name;
    }
    return identity;
}

}  // namespace

std::optional<std::uint32_t> enterprise_of(const std::optional<Oid>& object_id) {
    if (!object_id || !is_under(*object_id, private_enterprises)) return std::nullopt;
    return object_id->at(private_enterprises.size());
}

bool needs_enterprises(const Evidence& evidence) {
    const auto* own = own_vendor(evidence);
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
    static const std::vector<Oid> all{printer_model, printer_serial,    probe_version, ups_model,   ups_version,
                                      cable_serial,  ups_agent_version, cable_version, radio_model, radio_version,
                                      lldp_descr,    med_firmware,      med_software,  med_serial,  med_model};
    return all;
}

std::vector<std::uint32_t> enterprises_to_survey(const Evidence& evidence) {
    const auto said = by_files(evidence);
    if (!said.hardware.empty() && !said.version.empty() && !said.serial.empty()) return {};
    std::vector<std::uint32_t> all;
    const auto add = [&](std::uint32_t number) {
        const auto* vendor = evidence.book(number);
        const bool is_platform = (vendor && vendor->is_platform) ||
                                 std::find(std::begin(platforms), std::end(platforms), number) != std::end(platforms);
        if (!is_platform && std::find(all.begin(), all.end(), number) == all.end()) all.push_back(number);
    };
    if (const auto own = enterprise_of(evidence.object_id)) add(*own);
    for (const auto number : evidence.enterprises) add(number);
    return all;
}

Identity identify(const Evidence& evidence) {
    auto identity = by_files(evidence);
    add_serial(identity, evidence);
    add_hardware(identity, evidence);
    add_version(identity, evidence);
    return identity;
}

}  // namespace vg::probes::snmp
