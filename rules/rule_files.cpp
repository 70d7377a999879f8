// Finding rule files and test files in folders.
#include "rules/load.hpp"
#include "rules/rule_test.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace vg::rules {
namespace {

namespace fs = std::filesystem;

bool is_test(const fs::path& path) { return path.filename().string().ends_with(".test.yaml"); }

bool is_rules(const fs::path& path) {
    return !is_test(path) && (path.extension() == ".yaml" || path.extension() == ".yml");
}

std::vector<RuleFile> read(const std::vector<std::string>& paths, bool (*wanted)(const fs::path&), Problems& problems) {
    std::vector<fs::path> found;
    for (const auto& path : paths) {
        std::error_code error;
        if (!fs::is_directory(path, error)) {
            found.emplace_back(path);
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator(path, error))
            if (entry.is_regular_file(error) && wanted(entry.path())) found.push_back(entry.path());
        if (error) found.emplace_back(path);  // a folder that may not be looked into is told below
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    std::vector<RuleFile> out;
    for (const auto& path : found) {
        std::ifstream in(path, std::ios::binary);
        std::ostringstream text;
        if (in) text << in.rdbuf();
        if (!in || !text)
            problems.add({path.string(), 0, 0}, {"không đọc được; hãy xem tệp có tồn tại và có quyền đọc không",
                                                 "cannot be read; check that it exists and may be read"});
        else
            out.push_back({path.string(), text.str()});
    }
    return out;
}

}  // namespace

std::vector<RuleFile> read_rule_files(const std::vector<std::string>& paths, Problems& problems) {
    return read(paths, is_rules, problems);
}

std::vector<RuleFile> read_test_files(const std::vector<std::string>& paths, Problems& problems) {
    return read(paths, is_test, problems);
}

}  // namespace vg::rules
