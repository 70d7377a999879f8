#include "probes/icmp_packet.hpp"

#include <algorithm>
#include <cstring>

namespace vg::probes {
namespace {

constexpr std::uint8_t v4_request = 8, v4_reply = 0, v6_request = 128, v6_reply = 129;

std::uint16_t internet_checksum(ByteView data) {  // RFC 1071
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < data.size(); ++i) sum += static_cast<std::uint32_t>(data[i]) << (i % 2 == 0 ? 8 : 0);
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

void put16(std::span<std::uint8_t> out, std::size_t at, std::uint16_t value) {
    out[at] = static_cast<std::uint8_t>(value >> 8);
    out[at + 1] = static_cast<std::uint8_t>(value);
}

std::uint16_t get16(ByteView in, std::size_t at) { return static_cast<std::uint16_t>(in[at] << 8 | in[at + 1]); }

}  // namespace

void write_echo_request(bool v6, std::uint16_t identifier, std::uint16_t sequence, std::uint64_t cookie,
                        std::span<std::uint8_t> out) {
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    out[0] = v6 ? v6_request : v4_request;
    put16(out, 4, identifier);
    put16(out, 6, sequence);
    std::memcpy(out.data() + icmp_header_size, &cookie, icmp_cookie_size);
    if (!v6) put16(out, 2, internet_checksum(out));
}

std::optional<EchoPacket> read_echo(bool v6, ByteView packet) {
    if (packet.size() < icmp_header_size || packet[1] != 0) return {};
    EchoPacket echo;
    echo.is_request = packet[0] == (v6 ? v6_request : v4_request);
    if (!echo.is_request && packet[0] != (v6 ? v6_reply : v4_reply)) return {};
    echo.identifier = get16(packet, 4);
    echo.sequence = get16(packet, 6);
    if (packet.size() >= icmp_header_size + icmp_cookie_size) {
        std::uint64_t cookie = 0;
        std::memcpy(&cookie, packet.data() + icmp_header_size, icmp_cookie_size);
        echo.cookie = cookie;
    }
    return echo;
}

ByteView behind_ipv4_header(ByteView packet) {
    if (packet.empty()) return {};
    const std::size_t header = (packet[0] & 0x0fu) * 4u;
    if (header < 20 || header > packet.size()) return {};
    return packet.subspan(header);
}

}  // namespace vg::probes
