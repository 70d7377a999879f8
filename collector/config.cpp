#include "collector/config.hpp"

#include "collector/register/record.hpp"

#include <array>
#include <charconv>
#include <filesystem>

namespace vg::collector {
namespace {

constexpr std::array<std::string_view, 4> levels{"debug", "info", "warning", "error"};

void read_listen(registry::Record& record, Config& config) {
    const auto text = record.text("listen");
    if (text.empty()) return;
    const auto colon = text.rfind(':');
    unsigned port = 70'000;
    if (colon != std::string::npos) std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
    auto address = text.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    if (port > 65'535 || address.empty()) {
        record.problems().add(record.place_of("listen"), {"cần địa-chỉ:cổng, như 0.0.0.0:443 hoặc [::]:443",
                                                          "expected address:port, such as 0.0.0.0:443 or [::]:443"});
        return;
    }
    config.address = address;
    config.port = static_cast<std::uint16_t>(port);
}

void read_retention(const yaml::Node& node, Config& config, Problems& problems) {
    registry::Record record(node, problems);
    const auto read = [&](std::string_view key, std::int64_t& out) {
        if (const auto* value = record.ask(key)) out = yaml::as_duration_ms(*value, problems).value_or(out);
    };
    read("samples", config.samples_kept_ms);
    read("events", config.events_kept_ms);
    record.done();
}

Config read(const std::vector<yaml::Node>& documents, Problems& problems) {
    Config config;
    if (documents.empty() || documents.front().kind == yaml::Kind::null) return config;
    registry::Record record(documents.front(), problems);
    read_listen(record, config);
    const auto text = [&](std::string_view key, std::string& out) {
        if (auto value = record.text(key); !value.empty()) out = std::move(value);
    };
    text("data_dir", config.data_dir);
    text("web_root", config.web_root);
    text("public_address", config.public_address);
    if (auto dirs = record.list("rules_dir"); !dirs.empty()) config.rules_dirs = std::move(dirs);
    if (auto names = record.list("names"); !names.empty()) config.names = std::move(names);
    if (const auto* retention = record.ask("retention")) read_retention(*retention, config, problems);
    const auto level = record.choice("log_level", levels, "info");
    for (std::size_t i = 0; i < levels.size(); ++i)
        if (level == levels[i]) config.log_level = static_cast<log::Level>(i);
    record.done();
    return config;
}

}  // namespace

std::string Config::seen_address(std::uint16_t bound_port) const {
    if (!public_address.empty()) return public_address;
    const auto& name = names.front();
    const bool is_v6 = name.find(':') != std::string::npos;
    return (is_v6 ? "[" + name + "]" : name) + ":" + std::to_string(bound_port);
}

Config read_config(std::string_view text, const std::string& file, Problems& problems) {
    return read(yaml::parse(text, file, problems), problems);
}

Config read_config_file(const std::string& file, Problems& problems) {
    return read(yaml::parse_file(file, problems), problems);
}

Config load_config(const std::string& named, Problems& problems, const std::string& usual) {
    std::error_code ignored;
    if (!named.empty()) return read_config_file(named, problems);
    if (std::filesystem::exists(usual, ignored)) return read_config_file(usual, problems);
    problems.add({usual, 0, 0}, {"không có tệp cấu hình này; hãy nêu tệp khác bằng --config TỆP",
                                 "there is no such configuration file; name another with --config FILE"});
    return {};
}

}  // namespace vg::collector
