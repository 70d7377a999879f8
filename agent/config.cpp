#include "agent/config.hpp"

#include "base/yaml.hpp"

#include <charconv>

namespace vg::agent {
namespace {

constexpr std::int64_t least_spool = 256 * 1024;
constexpr std::int64_t most_spool = 1LL << 40;

void read_collector(const yaml::Node& root, Config& config, Problems& problems) {
    const auto* node = root.find("collector");
    if (node == nullptr) {
        problems.add(root.place, {"thiếu 'collector'; hãy ghi địa chỉ của trung tâm dạng host:port",
                                  "'collector' is missing; write the collector's address as host:port"});
        return;
    }
    const auto text = yaml::as_string(*node, problems);
    if (text && !parse_host_port(*text, config.collector))
        problems.add(node->place, {"cần host:port, như vonggac.example.vn:443",
                                   "expected host:port, such as vonggac.example.vn:443"});
}

void read_spool(const yaml::Node& root, Config& config, Problems& problems) {
    const auto* node = root.find("spool");
    if (node == nullptr) return;
    if (node->kind != yaml::Kind::mapping) {
        problems.add(node->place, {"cần một nhóm khóa có max_bytes", "expected a mapping with max_bytes"});
        return;
    }
    yaml::refuse_unknown_keys(*node, {"max_bytes"}, problems);
    if (const auto* bytes = node->find("max_bytes"); bytes != nullptr)
        if (auto value = yaml::as_int(*bytes, least_spool, most_spool, problems); value)
            config.spool_max_bytes = static_cast<std::uint64_t>(*value);
}

void read_log_level(const yaml::Node& root, Config& config, Problems& problems) {
    const auto* node = root.find("log_level");
    if (node == nullptr) return;
    const auto text = yaml::as_string(*node, problems);
    if (!text) return;
    if (*text == "debug")
        config.log_level = log::Level::debug;
    else if (*text == "info")
        config.log_level = log::Level::info;
    else if (*text == "warning")
        config.log_level = log::Level::warning;
    else if (*text == "error")
        config.log_level = log::Level::error;
    else
        problems.add(node->place, {"cần debug, info, warning hoặc error", "expected debug, info, warning or error"});
}

Config read(const std::vector<yaml::Node>& documents, const std::string& file, Problems& problems) {
    Config config;
    if (documents.empty() || documents.front().kind == yaml::Kind::null) {
        if (problems.empty())
            problems.add({file, 0, 0}, {"tệp trống; ít nhất phải có 'collector'",
                                        "the file is empty; at least 'collector' is needed"});
        return config;
    }
    if (documents.size() > 1)
        problems.add(documents[1].place, {"chỉ cần một tài liệu YAML; hãy bỏ tài liệu thứ hai",
                                          "one document is enough; remove the second"});
    const auto& root = documents.front();
    if (root.kind != yaml::Kind::mapping) {
        problems.add(root.place, {"cần các khóa có giá trị, như collector: host:port",
                                  "expected keys with values, such as collector: host:port"});
        return config;
    }
    yaml::refuse_unknown_keys(
        root, {"collector", "server_name", "state_dir", "site", "token_file", "spool", "log_level"}, problems);
    read_collector(root, config, problems);
    yaml::read_string(root, "server_name", config.server_name, problems);
    yaml::read_string(root, "state_dir", config.state_dir, problems);
    yaml::read_string(root, "site", config.site, problems);
    yaml::read_string(root, "token_file", config.token_file, problems);
    read_spool(root, config, problems);
    read_log_level(root, config, problems);
    if (config.state_dir.empty() || config.state_dir.front() != '/')
        problems.add(root.find("state_dir")->place,
                     {"cần một đường dẫn đầy đủ, bắt đầu bằng /", "expected an absolute path, one that begins with /"});
    return config;
}

}  // namespace

bool parse_host_port(std::string_view text, HostPort& out) {
    std::string_view host = text, port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return false;
        host = text.substr(1, end - 1);
        const auto rest = text.substr(end + 1);
        if (!rest.empty() && rest.front() != ':') return false;
        port = rest.empty() ? rest : rest.substr(1);
        if (!rest.empty() && port.empty()) return false;
    } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
        if (port.empty()) return false;
    }
    if (host.empty() || host.find_first_of(" \t/@") != std::string_view::npos) return false;
    unsigned number = 443;
    if (!port.empty()) {
        const auto [end, ec] = std::from_chars(port.data(), port.data() + port.size(), number);
        if (ec != std::errc{} || end != port.data() + port.size() || number == 0 || number > 65535) return false;
    }
    out = {std::string(host), static_cast<std::uint16_t>(number)};
    return true;
}

Config parse_config(std::string_view text, const std::string& file, Problems& problems) {
    return read(yaml::parse(text, file, problems), file, problems);
}

Config load_config(const std::string& file, Problems& problems) {
    return read(yaml::parse_file(file, problems), file, problems);
}

}  // namespace vg::agent
