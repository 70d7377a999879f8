#include "collector/register/flow.hpp"

#include <cstdio>

namespace vg::collector::registry {
namespace {

bool is_plain(std::string_view text) {
    if (text.empty() || text.front() == '-' || text.back() == ':') return false;
    for (const char c : text) {
        const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                          c == '_' || c == '/' || c == '-';
        if (!good) return false;
    }
    return true;
}

bool is_negative_number(std::string_view text) {
    return text.size() > 1 && text.front() == '-' && text.find_first_not_of("0123456789.", 1) == std::string_view::npos;
}

}  // namespace

std::string quote(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            char escaped[8];
            std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
            out += escaped;
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string flow(const yaml::Node& node) {
    std::string out;
    switch (node.kind) {
        case yaml::Kind::null: return "null";
        case yaml::Kind::scalar: {
            const bool plain = !node.quoted && (is_plain(node.scalar) || is_negative_number(node.scalar));
            return plain ? node.scalar : quote(node.scalar);
        }
        case yaml::Kind::sequence:
            for (const auto& item : node.items) out += (out.empty() ? "" : ", ") + flow(item);
            return "[" + out + "]";
        case yaml::Kind::mapping:
            for (const auto& [key, value] : node.entries)
                out += (out.empty() ? "" : ", ") + flow(key) + ": " + flow(value);
            return "{ " + out + " }";
    }
    return out;
}

FlowMap& FlowMap::text(std::string_view key, std::string_view value) {
    return value.empty() ? *this : plain(key, quote(value));
}

FlowMap& FlowMap::plain(std::string_view key, std::string_view value) {
    if (!value.empty()) out_ += (out_.empty() ? "" : ", ") + std::string(key) + ": " + std::string(value);
    return *this;
}

FlowMap& FlowMap::node(std::string_view key, const yaml::Node& value) { return plain(key, flow(value)); }

}  // namespace vg::collector::registry
