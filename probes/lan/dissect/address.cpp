#include "probes/lan/dissect/address.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace vg::probes::lan::dissect {

Mac mac_of(ByteView six) {
    Mac mac;
    if (six.size() != 6) return mac;
    for (const auto byte : six) mac.value = (mac.value << 8) | byte;
    return mac;
}

std::string to_text(Mac mac) {
    constexpr auto digits = "0123456789abcdef";
    std::string out(17, ':');
    for (unsigned i = 0; i < 6; ++i) {
        const auto byte = static_cast<std::uint8_t>(mac.value >> (40 - 8 * i));
        out[i * 3] = digits[byte >> 4];
        out[i * 3 + 1] = digits[byte & 15];
    }
    return out;
}

bool Ip::is_host() const {
    if (size == 4) return bytes[0] != 0 && bytes[0] != 127 && bytes[0] < 224;
    if (size != 16 || bytes[0] == 0xff) return false;
    const bool is_low = std::all_of(bytes.begin(), bytes.begin() + 15, [](std::uint8_t b) { return b == 0; });
    return !is_low || bytes[15] > 1;
}

Ip ip_of(ByteView raw) {
    Ip ip;
    if (raw.size() != 4 && raw.size() != 16) return ip;
    std::copy(raw.begin(), raw.end(), ip.bytes.begin());
    ip.size = static_cast<std::uint8_t>(raw.size());
    return ip;
}

std::string to_text(const Ip& ip) {
    if (ip.size == 4)
        return boost::asio::ip::address_v4({ip.bytes[0], ip.bytes[1], ip.bytes[2], ip.bytes[3]}).to_string();
    return ip.size == 16 ? boost::asio::ip::address_v6(ip.bytes).to_string() : std::string();
}

}  // namespace vg::probes::lan::dissect
