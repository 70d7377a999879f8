#include "probes/auth_log/text_ends.hpp"

#include "base/text.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace vg::probes::auth_log {
namespace {

using Text = std::string_view;

bool number(Text text, std::uint16_t& out) {
    const auto read = to_number<std::uint16_t>(text);
    out = read.value_or(0);
    return read.has_value();
}

// ": RSA SHA256:abc", ": ED25519 SHA256:abc", ": RSA aa:bb:cc"; not a certificate's, whose id the caller chose.
bool is_plain_key(Text tail) {
    if (!cut_front(tail, ": ")) return false;
    Text type;
    if (!cut_word(tail, type) || type.find("CERT") != Text::npos) return false;
    return !tail.empty() && tail.find(' ') == Text::npos;
}

bool fits(Text tail, Tail kind) {
    if (tail.empty()) return true;
    if (kind == Tail::nothing) return false;
    if (!cut_front(tail, " ssh2") && !cut_front(tail, " ssh1")) return false;
    return tail.empty() || kind == Tail::anything || is_plain_key(tail);
}

// Reads "ADDRESS[ port N]TAIL" from its beginning.
std::optional<Peer> peer_at(Text text, Tail kind) {
    Text address;
    if (!cut_word(text, address)) {
        address = text;
        text = {};
    } else {
        text = Text(text.data() - 1, text.size() + 1);  // with its blank again
    }
    Peer peer{address_of(address), 0, {}};
    if (peer.address.empty()) return std::nullopt;
    if (cut_front(text, " port ")) {
        const auto end = std::min(text.find(' '), text.size());
        if (!number(text.substr(0, end), peer.port)) return std::nullopt;
        text.remove_prefix(end);
    }
    if (!fits(text, kind)) return std::nullopt;
    return peer;
}

}  // namespace

bool cut_front(Text& text, Text front) {
    if (text.substr(0, front.size()) != front) return false;
    text.remove_prefix(front.size());
    return true;
}

bool cut_back(Text& text, Text back) {
    if (text.size() < back.size() || text.substr(text.size() - back.size()) != back) return false;
    text.remove_suffix(back.size());
    return true;
}

bool cut_word(Text& text, Text& word) {
    const auto end = text.find(' ');
    if (end == Text::npos) return false;
    word = text.substr(0, end);
    text.remove_prefix(end + 1);
    return true;
}

std::string address_of(Text text) {
    const auto zone = text.find('%');
    text = text.substr(0, zone);
    if (text.size() < 2 || text.size() > 45) return {};
    boost::system::error_code bad;
    const auto address = boost::asio::ip::make_address(std::string(text), bad);
    if (bad) return {};
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

std::optional<Peer> last_from(Text text, Tail tail) {
    constexpr Text from = " from ";
    const auto at = text.rfind(from);
    const auto head = at == Text::npos ? text.substr(0, 5) : Text{};
    if (head == "from ") {  // an empty name
        auto peer = peer_at(text.substr(5), tail);
        return peer;
    }
    if (at == Text::npos) return std::nullopt;
    auto peer = peer_at(text.substr(at + from.size()), tail);
    if (peer) {
        peer->before = text.substr(0, at);
        return peer;
    }
    // A certificate's tail holds an id that a stranger chose: certain only when there is one reading.
    if (tail != Tail::ssh_key || text.find(from) != at) return std::nullopt;
    peer = peer_at(text.substr(at + from.size()), Tail::anything);
    if (peer) peer->before = text.substr(0, at);
    return peer;
}

std::optional<Peer> first_from(Text text, Tail tail) {
    const auto at = text.find(' ');
    if (at == Text::npos || text.substr(at, 6) != " from ") return last_from(text, Tail::nothing);
    auto peer = peer_at(text.substr(at + 6), tail);
    if (peer) peer->before = text.substr(0, at);
    return peer;
}

std::optional<Peer> last_bare_peer(Text text) {
    const auto at = text.rfind(" port ");
    if (at == Text::npos) return std::nullopt;
    Peer peer;
    if (!number(text.substr(at + 6), peer.port)) return std::nullopt;
    const auto front = text.substr(0, at);
    const auto blank = front.rfind(' ');
    peer.address = address_of(blank == Text::npos ? front : front.substr(blank + 1));
    if (peer.address.empty()) return std::nullopt;
    peer.before = blank == Text::npos ? Text{} : front.substr(0, blank);
    return peer;
}

std::optional<Peer> joined_peer(Text text) {
    const auto colon = text.rfind(':');
    if (colon == Text::npos) return std::nullopt;
    Peer peer;
    auto address = text.substr(0, colon);
    if (cut_front(address, "[")) (void)cut_back(address, "]");
    peer.address = address_of(address);
    if (peer.address.empty() || !number(text.substr(colon + 1), peer.port)) return std::nullopt;
    return peer;
}

}  // namespace vg::probes::auth_log
