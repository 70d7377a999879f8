#include "probes/lan/dissect/dhcp4.hpp"

#include "probes/lan/dissect/cursor.hpp"
#include "probes/lan/dissect/dns.hpp"
#include "probes/lan/dissect/text.hpp"

namespace vg::probes::lan::dissect {
namespace {

constexpr std::uint32_t magic = 0x63825363;
constexpr std::uint8_t in_file = 1, in_server_name = 2;  // option 52

std::uint32_t seconds_of(ByteView value) { return value.size() == 4 ? be32(value) : 0; }

void take_option(std::uint8_t code, ByteView value, Dhcp4& out) {
    const auto first = [&value](ByteView& kept) {  // a text that goes on in a second option is kept to the first
        if (kept.empty()) kept = value;
    };
    switch (code) {
        case 12: first(out.host_name); break;
        case 15: first(out.domain_name); break;
        case 50: out.requested = ip_of(value.first(value.size() == 4 ? 4 : 0)); break;
        case 51: out.lease_seconds = seconds_of(value); break;
        case 53:
            if (value.size() == 1 && value[0] >= 1 && value[0] <= 8) out.type = static_cast<Dhcp4Type>(value[0]);
            break;
        case 54: out.server = ip_of(value.first(value.size() == 4 ? 4 : 0)); break;
        case 55: first(out.parameters); break;
        case 58: out.renewal_seconds = seconds_of(value); break;
        case 59: out.rebinding_seconds = seconds_of(value); break;
        case 60: first(out.vendor_class); break;
        case 61: first(out.client_id); break;
        case 81: first(out.full_name); break;
        default: break;
    }
}

// Gives option 52: which of the two fixed fields hold further options.
std::uint8_t read_options(Cursor in, Dhcp4& out) {
    std::uint8_t overload = 0;
    while (in.ok() && in.left() > 0) {
        const auto code = in.u8();
        if (code == 0) continue;
        if (code == 255) break;
        const auto value = in.take(in.u8());
        if (!in.ok()) break;  // cut: what came before holds
        if (code == 52 && value.size() == 1) overload = value[0];
        take_option(code, value, out);
    }
    return overload;
}

}  // namespace

std::optional<Dhcp4> read_dhcp4(ByteView bytes) {
    Cursor in(bytes);
    const auto operation = in.u8(), hardware = in.u8(), hardware_size = in.u8();
    in.skip(1 + 4 + 2 + 2);  // hops, transaction, seconds, flags
    Dhcp4 out;
    out.is_reply = operation == 2;
    out.client_ip = ip_of(in.take(4));
    out.your_ip = ip_of(in.take(4));
    out.next_server = ip_of(in.take(4));
    out.relay = ip_of(in.take(4));
    const auto client = in.take(16), server_name = in.take(64), file = in.take(128);
    if (!in.ok() || (operation != 1 && operation != 2)) return std::nullopt;
    if ((hardware == 1 || hardware == 6) && hardware_size == 6) out.client = mac_of(client.first(6));
    if (in.left() < 4 || in.u32() != magic) return out;  // BOOTP without options, or with a vendor's own
    const auto overload = read_options(in, out);
    if ((overload & in_file) != 0) (void)read_options(Cursor(file), out);
    if ((overload & in_server_name) != 0) (void)read_options(Cursor(server_name), out);
    return out;
}

std::string full_name_text(ByteView option) {
    if (option.size() <= 3) return {};
    const auto name = option.subspan(3);
    if ((option[0] & 4) == 0) return clean_text(name);
    NameBuffer labels;
    std::size_t at = 0;
    // A partial name lacks the zero at its end.
    if (!read_name(name, at, labels) && labels.size() == 0) return {};
    return clean_text(labels.text());
}

std::string fingerprint_text(ByteView parameters) {
    std::string out;
    for (const auto code : parameters) {
        if (!out.empty()) out += ',';
        out += std::to_string(code);
    }
    return out;
}

}  // namespace vg::probes::lan::dissect
