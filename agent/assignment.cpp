#include "agent/assignment.hpp"

#include <algorithm>
#include <set>

namespace vg::agent {
namespace {

constexpr std::size_t most_probes = 2000;
constexpr Millis shortest_period{std::chrono::seconds{1}};
constexpr Millis longest_period{std::chrono::hours{24}};

bool is_common(std::string_view key) {
    return key == "id" || key == "probe" || key == "target" || key == "service" || key == "every" || key == "timeout";
}

void read_duration(const yaml::Node& node, std::string_view key, Millis low, Millis high, Millis& into,
                   Problems& problems) {
    const auto* value = node.find(key);
    if (value == nullptr) return;
    const auto ms = yaml::as_duration_ms(*value, problems);
    if (!ms) return;
    if (*ms < low.count() || *ms > high.count())
        problems.add(value->place, {"'{}' phải từ {} ms đến {} ms", "'{}' must be between {} ms and {} ms"}, key,
                     low.count(), high.count());
    else
        into = Millis{*ms};
}

void read_profile(const yaml::Node& profiles, std::string_view name, Profile& into, Problems& problems) {
    const auto* node = profiles.find(name);
    if (node == nullptr) return;
    if (node->kind != yaml::Kind::mapping) {
        problems.add(node->place, {"cần một nhóm khóa có heartbeat, seal và budget_day",
                                   "expected a mapping with heartbeat, seal and budget_day"});
        return;
    }
    yaml::refuse_unknown_keys(*node, {"heartbeat", "seal", "budget_day"}, problems);
    read_duration(*node, "heartbeat", Millis{500}, std::chrono::minutes{10}, into.heartbeat, problems);
    read_duration(*node, "seal", std::chrono::seconds{1}, std::chrono::hours{1}, into.seal, problems);
    if (const auto* budget = node->find("budget_day"); budget != nullptr)
        if (auto bytes = yaml::as_int(*budget, 0, 1LL << 50, problems); bytes)
            into.budget_day = static_cast<std::uint64_t>(*bytes);
}

void read_profiles(const yaml::Node& root, Profiles& into, Problems& problems) {
    const auto* node = root.find("profiles");
    if (node == nullptr) return;
    if (node->kind != yaml::Kind::mapping) {
        problems.add(node->place, {"cần hai nhóm fibre và metered", "expected the profiles fibre and metered"});
        return;
    }
    yaml::refuse_unknown_keys(*node, {"fibre", "metered"}, problems);
    read_profile(*node, "fibre", into.fibre, problems);
    read_profile(*node, "metered", into.metered, problems);
}

std::string known_kinds() {
    std::string names;
    for (const auto& kind : probes::kinds()) names += (names.empty() ? "" : ", ") + std::string(kind.name);
    return names;
}

const probes::Kind* read_kind(const yaml::Node& node, Problems& problems) {
    const auto* value = node.find("probe");
    if (value == nullptr) {
        problems.add(node.place, {"thiếu 'probe'; chọn một trong: {}", "'probe' is missing; one of {}"}, known_kinds());
        return nullptr;
    }
    const auto name = yaml::as_string(*value, problems);
    if (!name) return nullptr;
    const auto* kind = probes::find_kind(*name);
    if (kind == nullptr)
        problems.add(value->place, {"không có phép dò '{}'; chọn một trong: {}", "unknown probe '{}'; one of {}"},
                     *name, known_kinds());
    return kind;
}

ProbeTask read_probe(const yaml::Node& node, std::set<std::string>& ids, Problems& problems) {
    ProbeTask probe;
    probe.place = node.place;
    if (node.kind != yaml::Kind::mapping) {
        problems.add(node.place, {"cần một nhóm khóa có id, probe và các khóa riêng của phép dò",
                                  "expected a mapping with id, probe and the probe's own keys"});
        return probe;
    }
    probe.kind = read_kind(node, problems);
    if (probe.kind != nullptr) yaml::refuse_unknown_keys(node, probes::known_keys(*probe.kind), problems);
    yaml::read_string(node, "id", probe.task.id, problems);
    yaml::read_string(node, "target", probe.task.target, problems);
    yaml::read_string(node, "service", probe.task.service, problems);
    read_duration(node, "every", shortest_period, longest_period, probe.every, problems);
    probe.timeout = std::min(probe.timeout, probe.every);
    read_duration(node, "timeout", Millis{100}, probe.every, probe.timeout, problems);
    const auto* id = node.find("id");
    if (id == nullptr)
        problems.add(node.place, {"thiếu 'id'; đó là tên chuỗi số liệu của phép dò",
                                  "'id' is missing; it names the probe's series"});
    if (id != nullptr && id->kind == yaml::Kind::scalar && probe.task.id.empty())
        problems.add(id->place, {"id không được trống; đó là tên chuỗi số liệu của phép dò",
                                 "the id must not be empty; it names the probe's series"});
    if (!probe.task.id.empty() && !ids.insert(probe.task.id).second)
        problems.add(node.find("id")->place,
                     {"id '{}' ghi hai lần; mỗi phép dò cần một id riêng",
                      "the id '{}' stands twice; every probe needs its own"},
                     probe.task.id);
    probe.task.options = node;
    std::erase_if(probe.task.options.entries, [](const auto& entry) { return is_common(entry.first.scalar); });
    return probe;
}

void read_probes(const yaml::Node& root, Assignment& into, Problems& problems) {
    const auto* list = root.find("probes");
    if (list == nullptr || list->kind == yaml::Kind::null) return;
    if (list->kind != yaml::Kind::sequence) {
        problems.add(list->place, {"cần một danh sách phép dò", "expected a list of probes"});
        return;
    }
    if (list->items.size() > most_probes) {
        problems.add(list->place, {"hơn {} phép dò cho một trạm gác", "more than {} probes for one agent"},
                     most_probes);
        return;
    }
    std::set<std::string> ids;
    for (const auto& item : list->items) into.probes.push_back(read_probe(item, ids, problems));
}

}  // namespace

Assignment parse_assignment(std::string_view text, const std::string& file, Problems& problems) {
    Assignment assignment;
    const auto documents = yaml::parse(text, file, problems);
    if (documents.empty()) {
        if (problems.empty()) problems.add({file, 0, 0}, {"bản phân công trống", "the assignment is empty"});
        return assignment;
    }
    if (documents.size() > 1)
        problems.add(documents[1].place, {"bản phân công chỉ là một tài liệu YAML", "an assignment is one document"});
    const auto& root = documents.front();
    if (root.kind != yaml::Kind::mapping) {
        problems.add(root.place,
                     {"cần version, site, profiles và probes", "expected version, site, profiles and probes"});
        return assignment;
    }
    yaml::refuse_unknown_keys(root, {"version", "site", "profiles", "probes"}, problems);
    yaml::read_string(root, "version", assignment.version, problems);
    yaml::read_string(root, "site", assignment.site, problems);
    if (root.find("version") == nullptr) problems.add(root.place, {"thiếu 'version'", "'version' is missing"});
    read_profiles(root, assignment.profiles, problems);
    read_probes(root, assignment, problems);
    return assignment;
}

}  // namespace vg::agent
