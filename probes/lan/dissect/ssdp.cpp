#include "probes/lan/dissect/ssdp.hpp"

#include "base/text.hpp"

namespace vg::probes::lan::dissect {
namespace {

constexpr int most_lines = 64;

std::string_view take_line(std::string_view& rest) {
    const auto end = rest.find('\n');
    auto line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

void take_header(std::string_view line, Ssdp& out) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const auto name = line.substr(0, colon), value = trimmed(line.substr(colon + 1));
    if (is_named(name, "nt") || is_named(name, "st")) out.type = value;
    if (is_named(name, "usn")) out.unique = value;
    if (is_named(name, "server") || is_named(name, "user-agent")) out.server = value;
    if (is_named(name, "location")) out.location = value;
    if (is_named(name, "nts")) out.is_leaving = is_named(value, "ssdp:byebye");
}

}  // namespace

std::optional<Ssdp> read_ssdp(ByteView bytes) {
    auto rest = text_of(bytes);
    const auto first = take_line(rest);
    Ssdp out;
    if (first.starts_with("NOTIFY "))
        out.kind = SsdpKind::notify;
    else if (first.starts_with("M-SEARCH "))
        out.kind = SsdpKind::search;
    else if (first.starts_with("HTTP/1.") && first.find(" 200") != std::string_view::npos)
        out.kind = SsdpKind::answer;
    else
        return std::nullopt;
    for (int n = 0; n < most_lines && !rest.empty(); ++n) take_header(take_line(rest), out);
    return out;
}

}  // namespace vg::probes::lan::dissect
