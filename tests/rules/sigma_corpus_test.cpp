// The matcher against SigmaHQ's own rules and regression events, as far as the subset goes: for each event the same
// rules. Skips when the corpora are not beside the checkout.
#include "base/yaml.hpp"
#include "rules/sigma_matcher.hpp"

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace vg::rules {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::string text_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::string scalar(const yaml::Node* node, const char* key) {
    const auto* value = node != nullptr ? node->find(key) : nullptr;
    return value != nullptr ? value->scalar : "";
}

// "CHANNEL#ID." as the kind of a Windows event, so that a log source is a list of beginnings.
std::vector<std::string> kinds_of(const yaml::Node* source, const json::value& map) {
    std::vector<std::string> out;
    const auto category = scalar(source, "category"), service = scalar(source, "service");
    const auto& sysmon = map.at("sysmon_category_to_event_id").as_object();
    if (const auto* ids = sysmon.if_contains(category))
        for (const auto& id : ids->as_array())
            out.push_back("Microsoft-Windows-Sysmon/Operational#" + std::to_string(id.as_int64()) + ".");
    if (category == "process_creation") out.emplace_back("Security#4688.");
    if (const auto* pair = map.at("powershell_category").as_object().if_contains(category))
        for (const auto& id : pair->at(1).as_array())
            out.push_back(std::string(pair->at(0).as_string()) + "#" + std::to_string(id.as_int64()) + ".");
    if (category.empty())
        if (const auto* channels = map.at("service_to_channel").as_object().if_contains(service))
            for (const auto& channel : channels->as_array()) out.push_back(std::string(channel.as_string()) + "#");
    return out;
}

SeenEvent event_of(const json::object& line, const json::value& map) {
    SeenEvent out;
    const auto text = [](const json::value& value) {
        return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
    };
    for (const auto& [key, value] : line) {
        if (value.is_null()) continue;
        out.fields.emplace_back(key, text(value));
        if (const auto* alias = map.at("field_alias").as_object().if_contains(key))
            out.fields.emplace_back(std::string(alias->as_string()), text(value));
    }
    out.kind = text(line.at("Channel")) + "#" + text(line.at("EventID")) + ".";
    if (out.kind == "Security#4688.")
        for (const auto& [from, to] : map.at("field_map_4688").as_object())
            if (const auto* value = line.if_contains(from))
                out.fields.emplace_back(std::string(to.as_string()), text(*value));
    return out;
}

TEST(SigmaCorpus, TheSameRulesMatchTheSameEvents) {
    const char* told = std::getenv("VONGGAC_SHARED");
    const fs::path corpora = fs::path(told != nullptr ? told : VONGGAC_SOURCE_DIR "/../shared") / "corpora";
    if (!fs::exists(corpora / "unpack.sh")) GTEST_SKIP() << "no corpora at " << corpora;
    const fs::path where = fs::temp_directory_path() / "vonggac-sigma-corpus";
    const std::string unpack =
        "'" + (corpora / "unpack.sh").string() + "' '" + where.string() + "' sigma/rules sigma/regression";
    ASSERT_EQ(std::system(unpack.c_str()), 0);

    const auto matrix = json::parse(text_of(where / "sigma/regression/matrix.json"));
    const auto& map = matrix.at("log_source_map");
    std::set<std::string> left_out;
    for (const auto& rule : matrix.at("rules_not_evaluated").as_array())
        left_out.insert(std::string(rule.at("id").as_string()));

    std::vector<SigmaRule> rules;
    std::size_t refused = 0;
    std::set<std::string> refusals, ours;
    for (const auto& entry : fs::recursive_directory_iterator(where / "sigma/rules")) {
        if (entry.path().extension() != ".yml") continue;
        Problems problems;
        for (const auto& node : yaml::parse(text_of(entry.path()), entry.path().filename().string(), problems)) {
            const auto* source = node.find("logsource");
            if (scalar(source, "product") != "windows" || node.find("detection") == nullptr) continue;
            SigmaRule rule;
            rule.id = scalar(&node, "id");
            if (left_out.contains(rule.id)) continue;
            rule.kinds = kinds_of(source, map);
            if (!read_sigma_detection(*node.find("detection"), rule, problems)) {
                ++refused;
                for (const auto& problem : problems.list()) refusals.insert(problem.message.en.substr(0, 40));
                continue;
            }
            ours.insert(rule.id);
            rules.push_back(std::move(rule));
        }
    }
    const auto read = rules.size();
    const SigmaRules sigma(std::move(rules), {});
    EXPECT_GT(read, 2000U);

    std::size_t expected = 0, not_ours = 0;
    for (const auto& [path, file] : matrix.at("files").as_object()) {
        std::map<std::string, std::set<std::int64_t>> seen, wanted;
        for (const auto& [id, lines] : file.at("hits").as_object())
            for (const auto& line : lines.as_array()) {
                (ours.contains(std::string(id)) ? expected : not_ours)++;
                if (ours.contains(std::string(id))) wanted[std::string(id)].insert(line.as_int64());
            }
        std::istringstream lines(text_of(where / "sigma/regression" / std::string(path)));
        std::int64_t number = 0;
        for (std::string line; std::getline(lines, line);) {
            ++number;
            for (const auto r : sigma.match(event_of(json::parse(line).as_object(), map)))
                seen[sigma.rules()[r].id].insert(number);
        }
        EXPECT_EQ(seen, wanted) << path;
    }
    EXPECT_GT(expected, 100U);
    std::cout << read << " rules read, " << refused << " refused; " << expected << " matches checked, " << not_ours
              << " of refused rules\n";
    for (const auto& refusal : refusals) std::cout << "  " << refusal << '\n';
}

}  // namespace
}  // namespace vg::rules
