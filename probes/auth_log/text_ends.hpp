#pragma once
// Reading a message from its certain ends inwards: fixed words in front, an address and a port behind. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vg::probes::auth_log {

// Each cuts what it names off the text and says whether it was there.
bool cut_front(std::string_view& text, std::string_view front);
bool cut_back(std::string_view& text, std::string_view back);
bool cut_word(std::string_view& text, std::string_view& word);  // up to the next blank

struct Peer {
    std::string address;
    std::uint16_t port = 0;   // 0: not told
    std::string_view before;  // what stood in front
};

enum class Tail {
    nothing,   // the text ends with "ADDRESS" or "ADDRESS port N"
    ssh_key,   // then " ssh2" and perhaps ": RSA SHA256:..." may follow
    anything,  // whatever follows after " ssh2" or "port N"
};

// IPv4 or IPv6 in its usual form (a mapped IPv4 address as IPv4, a zone cut off); empty when it is none.
[[nodiscard]] std::string address_of(std::string_view text);

// "NAME from ADDRESS[ port N]TAIL": the last such reading, or the first whose name holds no blank. Nothing when a tail
// that the other side could write hides which reading is true.
[[nodiscard]] std::optional<Peer> last_from(std::string_view text, Tail tail);
[[nodiscard]] std::optional<Peer> first_from(std::string_view text, Tail tail);
// "NAME ADDRESS port N" to the end.
[[nodiscard]] std::optional<Peer> last_bare_peer(std::string_view text);
// "ADDRESS:PORT", as Dropbear writes it (IPv6 without brackets, too).
[[nodiscard]] std::optional<Peer> joined_peer(std::string_view text);

}  // namespace vg::probes::auth_log
