#include "collector/register/read.hpp"

#include "collector/register/read_records.hpp"
#include "collector/register/record.hpp"
#include "collector/register/value_places.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace vg::collector::registry {
namespace {

constexpr std::string_view table_names[] = {"units",   "successions", "sites",     "uplinks", "services",
                                            "devices", "software",    "addresses", "segments"};

void read_table(std::string_view name, const yaml::Node& list, Register& reg, Problems& problems) {
    if (name == "units") return read_units(list, reg, problems);
    if (name == "successions") return read_successions(list, reg, problems);
    if (name == "sites") return read_sites(list, reg, problems);
    if (name == "uplinks") return read_uplinks(list, "", reg, problems);
    if (name == "services") return read_services(list, "", reg, problems);
    if (name == "devices") return read_devices(list, "", reg, problems);
    if (name == "software") return read_software(list, "", reg, problems);
    if (name == "addresses") return read_addresses(list, "", reg, problems);
    if (name == "segments") return read_segments(list, "", reg, problems);
    problems.add({list.place.file, 0, 0},
                 {"không có bảng nào tên là '{}'; hãy đặt tên tệp .csv là một trong: {}",
                  "no table is named '{}'; name the .csv file one of: {}"},
                 name, joined(table_names));
}

void clear_table(std::string_view name, Register& reg) {
    if (name == "units") reg.units.clear();
    if (name == "successions") reg.successions.clear();
    if (name == "sites") reg.sites.clear();
    if (name == "uplinks") reg.uplinks.clear();
    if (name == "services") reg.services.clear();
    if (name == "devices") reg.devices.clear();
    if (name == "software") reg.software.clear();
    if (name == "addresses") reg.addresses.clear();
    if (name == "segments") reg.segments.clear();
}

// A slip of the hand must not end every expectation.
void refuse_nothing(const Register& reg, const Place& place, Problems& problems) {
    if (problems.empty() && reg.units.empty() && reg.sites.empty())
        problems.add(place, {"danh mục không có đơn vị và trụ sở nào; khi đó sẽ không còn gì được yêu cầu",
                             "the register holds neither units nor sites; nothing would be expected any more"});
}

}  // namespace

Register read_yaml(std::string_view text, const std::string& file, Problems& problems) {
    Register reg;
    Problems found;
    const auto documents = yaml::parse(text, file, found);
    if (found.empty() && documents.empty()) found.add({file, 0, 0}, {"danh mục trống", "the register is empty"});
    if (documents.size() > 1)
        found.add(documents[1].place, {"danh mục là một tài liệu YAML; hãy bỏ các tài liệu sau",
                                       "one document is expected, not several; remove the others"});
    if (!documents.empty()) {
        Record top(documents.front(), found);
        (void)top.whole("register", 1, 1);  // the format; there is one so far
        for (const auto name : table_names)
            if (const auto* list = top.ask(name)) read_table(name, *list, reg, found);
        if (const auto* list = top.ask("probes")) read_probes(*list, "", reg, found);
        if (const auto* profiles = top.ask("profiles")) read_profiles(*profiles, reg, found);
        top.done();
        refuse_nothing(reg, top.place(), found);
        ValuePlaces values;
        values.add(documents.front());
        check(reg, values, found);
    }
    problems.append(found);
    return reg;
}

Register read_tables(const std::vector<Table>& tables, const Register& base, Problems& problems) {
    Register reg = base;
    reg.version.clear();
    for (const auto& table : tables) clear_table(table.name, reg);
    ValuePlaces values;
    for (const auto& table : tables) {
        const auto list = csv_table(table.text, table.file, problems);
        read_table(table.name, list, reg, problems);
        values.add(list);
    }
    refuse_nothing(reg, {tables.empty() ? "" : tables.front().file, 0, 0}, problems);
    check(reg, values, problems);
    return reg;
}

Register read_paths(const std::vector<std::string>& paths, const Register& base, Problems& problems) {
    namespace fs = std::filesystem;
    std::vector<fs::path> files;
    for (const auto& path : paths) {
        std::error_code ec;
        if (!fs::is_directory(path, ec)) {
            files.emplace_back(path);
            continue;
        }
        for (const auto& entry : fs::directory_iterator(path, ec))
            if (entry.path().extension() == ".csv") files.push_back(entry.path());
        if (ec)
            problems.add({path, 0, 0}, {"không đọc được thư mục; hãy xem quyền đọc",
                                        "the folder cannot be read; check that it may be read"});
    }
    std::sort(files.begin(), files.end());
    const bool is_yaml = files.size() == 1 && files.front().extension() != ".csv";
    std::vector<Table> tables;
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        std::stringstream text;
        text << in.rdbuf();
        if (!in.is_open())
            problems.add({file.string(), 0, 0}, {"không mở được; hãy xem tệp có tồn tại và có quyền đọc không",
                                                 "cannot be opened; check that it exists and may be read"});
        if (!is_yaml && file.extension() != ".csv")
            problems.add({file.string(), 0, 0}, {"hãy đưa một tệp YAML, hoặc chỉ các tệp CSV",
                                                 "give either one YAML file, or CSV files alone"});
        tables.push_back({file.stem().string(), text.str(), file.string()});
    }
    if (files.empty())
        problems.add({paths.empty() ? "" : paths.front(), 0, 0},
                     {"ở đây không có tệp CSV nào", "no CSV file is there"});
    if (!problems.empty()) return {};
    auto reg =
        is_yaml ? read_yaml(tables.front().text, tables.front().file, problems) : read_tables(tables, base, problems);
    check_probes(reg, problems);
    return reg;
}

std::string source_text(const std::vector<std::string>& paths, const Register& reg) {
    const std::filesystem::path only = paths.size() == 1 ? paths.front() : "";
    if (only.extension() != ".yaml" && only.extension() != ".yml") return to_yaml(reg);
    std::ifstream in(only, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace vg::collector::registry
