// Any text as a log that grows: cut into lines however it arrives, read as syslog, read as logins, counted as attempts.
#include "probes/auth_log/attempts.hpp"
#include "probes/auth_log/line_cutter.hpp"
#include "probes/auth_log/syslog_line.hpp"
#include "probes/auth_log/text_ends.hpp"
#include "tests/fuzz/round_trip.hpp"

using namespace vg;
using namespace vg::probes::auth_log;

namespace {

void look(std::string_view program, std::string_view message, std::uint32_t pid, Attempts& attempts) {
    const auto login = parse_login(program, message);
    if (!login) return;
    // An address that is given is one: nothing that a stranger wrote stands in its place.
    fuzz::require(login->address.empty() || address_of(login->address) == login->address);
    fuzz::require(login->user.size() <= message.size());
    (void)attempts.is_new(*login, pid, Mono{});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::vector<std::string> whole, cut;
    LineCutter at_once, in_pieces;
    at_once.feed(text, whole);
    for (std::size_t i = 0; i < size; i += 7) in_pieces.feed(text.substr(i, 7), cut);
    fuzz::require(whole == cut);

    Attempts attempts;
    for (const auto& line : whole) {
        const auto parts = parse_syslog(line);
        fuzz::require(parts.message.size() <= line.size());
        look(parts.program, parts.message, parts.pid, attempts);
        look("sshd", line, 1, attempts);
    }
    return 0;
}
