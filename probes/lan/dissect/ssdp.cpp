#include "probes/lan/dissect/ssdp.hpp"

#include "base/text.hpp"

namespace vg::probes::lan::dissect {
namespace {

constexpr int most_lines = 64;

void take_header(std::string_view line, Ssdp& out) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const auto name = line.substr(0, colon), value = trim(line.substr(colon + 1), " \t");
    if (is_named(name, "nt") || is_named(name, "st")) out.type = value;
    if (is_named(name, "usn")) out.unique = value;
    if (is_named(name, "server") || is_named(name, "user-agent")) out.server = value;
    if (is_named(name, "location")) out.location = value;
    if (is_named(name, "nts")) out.is_leaving = is_named(value, "ssdp:byebye");
}

}  // namespace

std::optional<Ssdp> read_ssdp(ByteView bytes) {
    auto rest = text_of(bytes);
    std::string_view first, line;
    next_line(rest, first);
    Ssdp out;
    if (first.starts_with("NOTIFY "))
        out.kind = SsdpKind::notify;
    else if (first.starts_with("M-SEARCH "))
        out.kind = SsdpKind::search;
    else if (first.starts_with("HTTP/1.") && first.find(" 200") != std::string_view::npos)
        out.kind = SsdpKind::answer;
    else
        return std::nullopt;
    for (int n = 0; n < most_lines && next_line(rest, line); ++n) take_header(line, out);
    return out;
}

}  // namespace vg::probes::lan::dissect
