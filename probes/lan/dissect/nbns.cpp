#include "probes/lan/dissect/nbns.hpp"

#include "probes/lan/dissect/cursor.hpp"
#include "probes/lan/dissect/dns.hpp"

namespace vg::probes::lan::dissect {
namespace {

constexpr std::uint16_t type_nb = 0x20, type_status = 0x21, flag_group = 0x8000;
constexpr std::uint8_t query = 0, registration = 5, refresh = 8, refresh_alternative = 9, multi_homed = 15;

void set_name(ByteView sixteen, NbnsName& out) {
    std::size_t size = 15;
    while (size > 0 && (sixteen[size - 1] == ' ' || sixteen[size - 1] == 0)) --size;
    std::memcpy(out.bytes.data(), sixteen.data(), 15);
    out.size = static_cast<std::uint8_t>(size);
    out.suffix = sixteen[15];
}

// Each half of a byte is a letter from A to P (first-level encoding).
bool decode(std::string_view letters, NbnsName& out) {
    if (letters.size() != 32) return false;
    std::array<std::uint8_t, 16> raw{};
    for (std::size_t i = 0; i < 16; ++i) {
        const auto high = static_cast<unsigned>(letters[2 * i] - 'A'),
                   low = static_cast<unsigned>(letters[2 * i + 1] - 'A');
        if (high > 15 || low > 15) return false;
        raw[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    set_name(raw, out);
    return true;
}

void read_status(Cursor in, Nbns& out) {
    const std::size_t told = in.u8();
    for (std::size_t n = 0; n < told && out.count < out.names.size(); ++n) {
        const auto name = in.take(16);
        const auto flags = in.u16();
        if (!in.ok()) return;
        set_name(name, out.names[out.count]);
        out.names[out.count++].is_group = (flags & flag_group) != 0;
    }
    out.unit = mac_of(in.take(6));
}

// A record of a name: two bytes of flags and an address, once for each address; the first one stands for all.
void read_record(const DnsRecord& record, Nbns& out) {
    if (record.type == type_status) {
        if (out.is_response) read_status(Cursor(record.data), out);
        return;
    }
    if (record.type != type_nb || out.count == out.names.size()) return;
    auto& name = out.names[out.count];
    name = {};
    if (!decode(record.name->first_label(), name)) return;
    Cursor in(record.data);
    const auto flags = in.u16();
    const auto address = ip_of(in.take(4));
    if (!in.ok()) return;
    name.is_group = (flags & flag_group) != 0;
    name.address = address;
    ++out.count;
}

}  // namespace

std::optional<Nbns> read_nbns(ByteView bytes) {
    DnsReader in(bytes);
    if (!in.ok()) return std::nullopt;
    Nbns out;
    out.is_response = in.header().is_response;
    out.operation = in.header().operation;
    const bool claims = !out.is_response && (out.operation == registration || out.operation == refresh ||
                                             out.operation == refresh_alternative || out.operation == multi_homed);
    const bool answers = out.is_response && out.operation == query && in.header().result == 0;
    if (!claims && !answers) return out;
    DnsRecord record;
    while (in.next(record)) read_record(record, out);
    return out;
}

}  // namespace vg::probes::lan::dissect
