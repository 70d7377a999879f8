#include "probes/snmp/value.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <fmt/format.h>
#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <charconv>

namespace vg::probes::snmp {
namespace {

std::string clean(std::string_view text, std::size_t most) {
    text = text.substr(0, text.find('\0'));
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        const auto n = utf8_length(text.substr(i));
        std::string piece(text.substr(i, std::max<std::size_t>(n, 1)));
        if (n == 0 && c >= 0xa0)
            piece = {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 0x3f))};
        else if (n == 0)
            piece = "?";
        else if (c < 0x20 || c == 0x7f)
            piece = c == '\r' || c == '\n' || c == '\t' ? " " : "?";
        if (out.size() + piece.size() > most) break;
        out += piece;
        i += std::max<std::size_t>(n, 1);
    }
    const auto first = out.find_first_not_of(' ');
    return first == std::string::npos ? "" : out.substr(first, out.find_last_not_of(' ') - first + 1);
}

std::string mac_of(const std::uint8_t* b) {
    return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", b[0], b[1], b[2], b[3], b[4], b[5]);
}

bool are_octets(std::span<const std::uint32_t> parts) {
    return std::all_of(parts.begin(), parts.end(), [](auto part) { return part < 256; });
}

// "0:1b:21:63:9c:84", "00-1B-21-63-9C-84", "001b.2163.9c84", "001B21639C84".
std::string mac_of_text(std::string_view text) {
    std::vector<std::uint8_t> bytes;
    if (text.size() > 17) return {};
    int digits = 0, held = 0;
    const auto flush = [&] {
        if (digits > 0) bytes.push_back(static_cast<std::uint8_t>(held));
        digits = held = 0;
    };
    for (const char c : text) {
        if (c == ':' || c == '-' || c == '.' || c == ' ') {
            flush();
            continue;
        }
        if (hex_digit(c) < 0) return {};
        if (digits == 2) flush();
        held = held * 16 + hex_digit(c);
        ++digits;
    }
    flush();
    return bytes.size() == 6 && text.size() >= 11 ? mac_of(bytes.data()) : std::string{};
}

}  // namespace

bool is_under(const Oid& oid, const Oid& base) {
    return oid.size() > base.size() && std::equal(base.begin(), base.end(), oid.begin());
}

std::string to_text(const Oid& oid) {
    std::string out;
    for (const auto part : oid) {
        if (!out.empty()) out += '.';
        out += std::to_string(part);
    }
    return out;
}

std::optional<Oid> parse_oid(std::string_view text) {
    Oid oid;
    const auto* at = text.data();
    const auto* const end = at + text.size();
    while (at != end) {
        std::uint32_t part = 0;
        const auto [next, error] = std::from_chars(at, end, part);
        if (error != std::errc{} || oid.size() == 128) return std::nullopt;
        oid.push_back(part);
        if (next == end) return oid;
        if (*next != '.') return std::nullopt;
        at = next + 1;
    }
    return std::nullopt;
}

Oid operator+(const Oid& base, std::uint32_t part) {
    auto oid = base;
    oid.push_back(part);
    return oid;
}

const Value* cell(const Row& row, std::uint32_t column) {
    const auto found = row.find(column);
    return found == row.end() ? nullptr : &found->second;
}

std::optional<std::int64_t> integer(const Value* value) {
    if (!value) return std::nullopt;
    if (const auto* i = std::get_if<std::int64_t>(value)) return *i;
    if (const auto* u = std::get_if<std::uint64_t>(value))
        return *u <= INT64_MAX ? std::optional(static_cast<std::int64_t>(*u)) : std::nullopt;
    const auto* said = std::get_if<std::string>(value);
    return said ? to_number<std::int64_t>(*said) : std::nullopt;
}

std::optional<std::uint64_t> number(const Value* value) {
    if (!value) return std::nullopt;
    if (const auto* u = std::get_if<std::uint64_t>(value)) return *u;
    const auto i = integer(value);
    return i && *i >= 0 ? std::optional(static_cast<std::uint64_t>(*i)) : std::nullopt;
}

const std::string* octets(const Value* value) { return value ? std::get_if<std::string>(value) : nullptr; }

std::string text(const Value* value, std::size_t most) {
    if (!value) return {};
    if (const auto* said = std::get_if<std::string>(value)) return clean(*said, most);
    if (const auto* i = std::get_if<std::int64_t>(value)) return std::to_string(*i);
    if (const auto* u = std::get_if<std::uint64_t>(value)) return std::to_string(*u);
    if (const auto* id = std::get_if<Oid>(value)) return to_text(*id).substr(0, most);
    return {};
}

std::string mac_text(const Value* value) {
    const auto* bytes = octets(value);
    if (!bytes) return {};
    if (bytes->size() == 6) return mac_of(reinterpret_cast<const std::uint8_t*>(bytes->data()));
    return mac_of_text(*bytes);
}

std::string mac_text(std::span<const std::uint32_t> index) {
    if (index.size() != 6 || !are_octets(index)) return {};
    std::uint8_t bytes[6];
    std::transform(index.begin(), index.end(), bytes, [](auto part) { return static_cast<std::uint8_t>(part); });
    return mac_of(bytes);
}

std::string ipv4_text(std::span<const std::uint32_t> index) {
    if (index.size() != 4 || !are_octets(index)) return {};
    return fmt::format("{}.{}.{}.{}", index[0], index[1], index[2], index[3]);
}

std::string ipv6_text(std::span<const std::uint32_t> index) {
    if (index.size() != 16 || !are_octets(index)) return {};
    boost::asio::ip::address_v6::bytes_type bytes{};
    std::transform(index.begin(), index.end(), bytes.begin(),
                   [](auto part) { return static_cast<unsigned char>(part); });
    return boost::asio::ip::address_v6(bytes).to_string();
}

}  // namespace vg::probes::snmp
