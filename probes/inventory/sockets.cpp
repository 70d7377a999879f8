#include "probes/inventory/sockets.hpp"

#include "probes/inventory/words.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstring>

namespace vg::probes::inventory {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t most_sockets = 2000;
constexpr std::string_view listening = "0A", unconnected = "07";

// The kernel prints each 32-bit word of an address as the machine holds it.
template <std::size_t words>
std::optional<std::array<std::uint8_t, words * 4>> bytes_of(std::string_view hex) {
    std::array<std::uint8_t, words * 4> out{};
    for (std::size_t i = 0; i < words; ++i) {
        const auto word = to_number<std::uint32_t>(hex.substr(i * 8, 8), 16);
        if (!word) return std::nullopt;
        std::memcpy(out.data() + i * 4, &*word, 4);
    }
    return out;
}

// "0100007F" to "127.0.0.1", 32 digits to "[::1]"; empty: neither.
std::string address_text(std::string_view hex) {
    if (hex.size() == 8) {
        const auto bytes = bytes_of<1>(hex);
        return bytes ? ip::address_v4(*bytes).to_string() : std::string();
    }
    if (hex.size() != 32) return {};
    const auto bytes = bytes_of<4>(hex);
    return bytes ? "[" + ip::address_v6(*bytes).to_string() + "]" : std::string();
}

}  // namespace

void read_listeners(std::string_view text, std::string_view protocol, std::uint16_t first_ephemeral,
                    std::vector<Socket>& into) {
    const bool is_udp = protocol == "udp";
    std::string_view line;
    next_line(text, line);  // the names of the columns
    while (next_line(text, line) && into.size() < most_sockets) {
        next_word(line);  // its number
        auto local = next_word(line);
        const auto peer = next_word(line);
        if (next_word(line) != (is_udp ? unconnected : listening)) continue;
        for (int i = 0; i < 5; ++i) next_word(line);  // queues, timer, retransmissions, uid, timeout
        const auto inode = to_number<std::uint64_t>(next_word(line));
        const auto address = address_text(next_piece(local, ':'));
        const auto port = to_number<std::uint16_t>(local, 16);
        if (address.empty() || !port || *port == 0 || !inode || !peer.ends_with(":0000")) continue;
        if (is_udp && *port >= first_ephemeral) continue;
        into.push_back({std::string(protocol) + "/" + address + ":" + std::to_string(*port), *inode});
    }
}

}  // namespace vg::probes::inventory
