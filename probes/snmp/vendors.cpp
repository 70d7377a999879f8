#include "probes/snmp/vendors.hpp"

#include "base/yaml.hpp"
#include "probes/snmp/pattern.hpp"

#include <algorithm>
#include <map>
#include <memory>

namespace vg::probes::snmp {
namespace {

// "1.3.6.1.4.1.9.9.1", or ".9.1" under the vendor's first number.
std::optional<Oid> oid_at(const yaml::Node& node, const Vendor& vendor, Problems& problems) {
    const auto& said = node.scalar;
    const bool is_relative = said.starts_with('.');
    auto oid = parse_oid(is_relative ? std::string_view(said).substr(1) : std::string_view(said));
    if (!oid || node.kind != yaml::Kind::scalar) {
        problems.add(node.place, {"đây không phải mã đối tượng (OID), như 1.3.6.1.4.1.9.1",
                                  "this is no object identifier such as 1.3.6.1.4.1.9.1"});
        return std::nullopt;
    }
    if (!is_relative) return oid;
    if (vendor.enterprises.empty()) return std::nullopt;  // complained about already
    Oid whole{1, 3, 6, 1, 4, 1, vendor.enterprises.front()};
    whole.insert(whole.end(), oid->begin(), oid->end());
    return whole;
}

std::string pattern_at(const yaml::Node& node, Problems& problems) {
    const auto said = yaml::as_string(node, problems);
    if (!said) return {};
    if (said->empty() || !is_pattern(*said))
        problems.add(node.place, {"đây không phải biểu thức chính quy", "this is no regular expression"});
    return *said;
}

PartText part_at(const yaml::Node& node, Problems& problems) {
    constexpr std::pair<std::string_view, PartText> all[] = {
        {"descr", PartText::descr},       {"name", PartText::name},         {"hardware", PartText::hardware},
        {"firmware", PartText::firmware}, {"software", PartText::software}, {"serial", PartText::serial},
        {"model", PartText::model}};
    for (const auto& [name, part] : all)
        if (node.scalar == name) return part;
    problems.add(node.place, {"entity là một trong descr, name, hardware, firmware, software, serial, model",
                              "entity is one of descr, name, hardware, firmware, software, serial, model"});
    return PartText::none;
}

// ".3.5.0" under the sysObjectID of whichever device is asked.
void read_own(const yaml::Node& node, const yaml::Node* up, Way& way, Problems& problems) {
    constexpr std::int64_t most = 4;
    const bool is_relative = node.kind == yaml::Kind::scalar && node.scalar.starts_with('.');
    const auto oid = is_relative ? parse_oid(std::string_view(node.scalar).substr(1)) : std::nullopt;
    if (!oid)
        problems.add(node.place,
                     {"own là phần nối tiếp sysObjectID, như .3.5.0", "own is what follows sysObjectID, as in .3.5.0"});
    way.oid = oid.value_or(Oid{});
    way.is_own = true;
    if (up) way.up = static_cast<std::size_t>(yaml::as_int(*up, 1, most, problems).value_or(1));
}

void read_way(const yaml::Node& node, const Vendor& vendor, std::vector<Way>& ways, Problems& problems) {
    Way way;
    if (node.kind == yaml::Kind::scalar) {
        way.oid = oid_at(node, vendor, problems).value_or(Oid{});
        ways.push_back(std::move(way));
        return;
    }
    yaml::refuse_unknown_keys(node, {"oid", "row", "own", "up", "entity", "descr", "pick"}, problems);
    const auto *oid = node.find("oid"), *row = node.find("row"), *own = node.find("own"), *up = node.find("up"),
               *part = node.find("entity"), *descr = node.find("descr"), *pick = node.find("pick");
    if ((oid != nullptr) + (own != nullptr) + (part != nullptr) + (descr != nullptr) != 1) {
        problems.add(node.place, {"mỗi cách là một OID, hoặc có một trong oid, own, entity và descr",
                                  "a way is an object identifier, or has one of oid, own, entity and descr"});
        return;
    }
    if (own) read_own(*own, up, way, problems);
    if (up && !own) problems.add(up->place, {"up chỉ đi cùng own", "up goes with own"});
    if (row) way.row = oid_at(*row, vendor, problems).value_or(Oid{});
    if (row && !oid) problems.add(row->place, {"row chỉ đi cùng oid", "row goes with oid"});
    if (oid) way.oid = oid_at(*oid, vendor, problems).value_or(Oid{});
    if (part) way.part = part_at(*part, problems);
    if (descr) way.pattern = pattern_at(*descr, problems);
    if (pick && descr)
        problems.add(pick->place, {"descr đã là một mẫu; hãy bỏ pick", "descr is a pattern itself; remove pick"});
    if (pick && !descr) way.pattern = pattern_at(*pick, problems);
    ways.push_back(std::move(way));
}

void read_ways(const yaml::Node& node, const Vendor& vendor, Ways& ways, Problems& problems) {
    const std::pair<std::string_view, std::vector<Way>*> all[] = {
        {"hardware", &ways.hardware}, {"version", &ways.version}, {"serial", &ways.serial}};
    for (const auto& [key, list] : all) {
        const auto* found = node.find(key);
        if (!found) continue;
        if (found->kind != yaml::Kind::sequence)
            problems.add(found->place, {"đây phải là một danh sách", "this must be a list"});
        for (const auto& item : found->items) read_way(item, vendor, *list, problems);
    }
}

void read_family(const yaml::Node& node, Vendor& vendor, Problems& problems) {
    yaml::refuse_unknown_keys(node, {"object", "descr", "hardware", "version", "serial"}, problems);
    Family family;
    if (const auto* object = node.find("object")) family.object = oid_at(*object, vendor, problems).value_or(Oid{});
    if (const auto* descr = node.find("descr")) family.descr = pattern_at(*descr, problems);
    if (family.object.empty() && family.descr.empty())
        problems.add(node.place, {"một họ thiết bị cần object hoặc descr", "a family needs object or descr"});
    read_ways(node, vendor, family.ways, problems);
    vendor.families.push_back(std::move(family));
}

// Cheaper than reading all the files: the line "enterprises: [9, 5842]".
std::map<std::uint32_t, const VendorFile*> make_index() {
    std::map<std::uint32_t, const VendorFile*> index;
    for (const auto& file : vendor_files()) {
        constexpr std::string_view key = "\nenterprises: [";
        auto at = file.text.find(key);
        if (at == std::string_view::npos) continue;
        std::uint32_t number = 0;
        for (at += key.size(); at < file.text.size(); ++at) {
            const char c = file.text[at];
            if (c >= '0' && c <= '9') {
                number = number * 10 + static_cast<std::uint32_t>(c - '0');
                continue;
            }
            if (number > 0) index.emplace(number, &file);
            number = 0;
            if (c == ']') break;
        }
    }
    return index;
}

}  // namespace

std::optional<Vendor> read_vendor(std::string_view text, const std::string& file, Problems& problems) {
    const auto before = problems.list().size();
    const auto documents = yaml::parse(text, file, problems);
    if (documents.size() != 1) {
        if (problems.list().size() == before)
            problems.add({file, 0, 0}, {"mỗi hãng một tài liệu YAML", "one vendor, one document"});
        return std::nullopt;
    }
    const auto& root = documents.front();
    Vendor vendor;
    yaml::refuse_unknown_keys(root, {"name", "enterprises", "platform", "families", "hardware", "version", "serial"},
                              problems);
    const auto* name = root.find("name");
    if (name) vendor.name = yaml::as_string(*name, problems).value_or("");
    if (vendor.name.empty()) problems.add(root.place, {"hãng thiếu 'name'", "the vendor has no 'name'"});
    const auto* numbers = root.find("enterprises");
    for (const auto& item : numbers ? numbers->items : std::vector<yaml::Node>{})
        if (const auto n = yaml::as_int(item, 1, UINT32_MAX, problems))
            vendor.enterprises.push_back(static_cast<std::uint32_t>(*n));
    if (vendor.enterprises.empty())
        problems.add(root.place, {"enterprises: cần ít nhất một số trong danh sách của IANA",
                                  "enterprises: at least one number of IANA's list"});
    if (const auto* platform = root.find("platform"))
        vendor.is_platform = yaml::as_bool(*platform, problems).value_or(false);
    if (const auto* families = root.find("families"))
        for (const auto& item : families->items) read_family(item, vendor, problems);
    read_ways(root, vendor, vendor.ways, problems);
    return problems.list().size() == before ? std::optional(std::move(vendor)) : std::nullopt;
}

const Vendor* find_vendor(std::uint32_t enterprise) {
    static const auto index = make_index();
    static std::map<const VendorFile*, std::unique_ptr<Vendor>> read;
    const auto found = index.find(enterprise);
    if (found == index.end()) return nullptr;
    auto& vendor = read[found->second];
    if (!vendor) {
        Problems problems;
        auto fresh = read_vendor(found->second->text, std::string(found->second->file), problems);
        vendor = std::make_unique<Vendor>(fresh ? std::move(*fresh) : Vendor{});
    }
    return vendor.get();
}

}  // namespace vg::probes::snmp
