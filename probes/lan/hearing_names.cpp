// What the protocols of names and services say of a device: mDNS, LLMNR, NetBIOS, SSDP.
#include "probes/lan/device_table.hpp"
#include "probes/lan/dissect/text.hpp"

#include <algorithm>
#include <array>

namespace vg::probes::lan {

using namespace dissect;

namespace {

constexpr std::size_t most_pairs = 16;

// The name that a record gives to an address.
struct Pair {
    std::array<char, 256> bytes;
    std::uint16_t size = 0;
    Ip ip;
    bool is_own = false;
    [[nodiscard]] std::string_view name() const { return {bytes.data(), size}; }
};

bool has(const Device& device, const Ip& ip) {
    return std::find(device.ips.begin(), device.ips.end(), ip) != device.ips.end();
}

bool is_link_local(const Ip& ip) {
    return ip.is_v4() ? ip.bytes[0] == 169 && ip.bytes[1] == 254 : ip.bytes[0] == 0xfe && (ip.bytes[1] & 0xc0) == 0x80;
}

// Two stations that very likely share a link: a router between them would stand in the frame instead.
bool are_near(const Ip& a, const Ip& b) {
    if (is_link_local(a)) return true;
    const auto size = a.is_v4() ? 3 : 8;
    return a.size == b.size && std::equal(a.bytes.begin(), a.bytes.begin() + size, b.bytes.begin());
}

bool is_name_of(const DnsRecord& record) {
    return record.class_code == 1 && ((record.type == dns_type::a && record.data.size() == 4) ||
                                      (record.type == dns_type::aaaa && record.data.size() == 16));
}

// A response tells what the sender holds; a query what it wants to hold (its authority section, RFC 6762 §8.2). Answers
// within a query are what others said before.
bool is_said_by_sender(const DnsHeader& header, DnsSection section) {
    return header.is_response ? section != DnsSection::authority : section == DnsSection::authority;
}

// "_ipp._tcp" of "_ipp._tcp.local"; empty for what is no kind of service.
std::string_view service_kind(std::string_view name) {
    if (!name.ends_with(".local") || !name.starts_with('_') || name.find("._sub.") != std::string_view::npos) return {};
    name.remove_suffix(6);
    return name.ends_with("._tcp") || name.ends_with("._udp") ? name : std::string_view();
}

// A name with several addresses is the sender's when one of them is.
void find_own(std::array<Pair, most_pairs>& pairs, std::size_t count, const Device& device, const Ip& source) {
    bool is_one_name = true;
    for (std::size_t i = 0; i < count; ++i) {
        pairs[i].is_own = pairs[i].ip == source || has(device, pairs[i].ip);
        is_one_name = is_one_name && pairs[i].name() == pairs[0].name();
    }
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t k = 0; k < count && !pairs[i].is_own; ++k)
            pairs[i].is_own = pairs[k].is_own && pairs[k].name() == pairs[i].name();
    // A machine that speaks over one family tells its address in the other.
    const bool is_other_family = std::none_of(pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(count),
                                              [&](const Pair& p) { return p.ip.size == source.size; });
    if (is_one_name && is_other_family)
        for (std::size_t i = 0; i < count; ++i) pairs[i].is_own = true;
}

}  // namespace

Device& DeviceTable::speaker(const Frame& frame, const Packet& packet, bool is_on_link) {
    if (!frame.source.is_machine()) return heard(packet.source);
    const auto known = by_mac_.find(frame.source.value);
    const bool is_own =
        is_on_link || frame.target.is_group() || (known != by_mac_.end() && has(*known->second, packet.source));
    if (!is_own) return heard(packet.source);  // perhaps a router's frame
    auto& device = heard(frame.source, frame.vlan);
    add_ip(device, packet.source);
    return device;
}

void DeviceTable::hear_service(Device& device, ByteView message, const DnsRecord& record) {
    if (record.ttl == 0 || record.section == DnsSection::authority) return;
    if (record.type == dns_type::srv) {
        add_service(device, service_kind(record.name->parent()), record.name->first_label());
        return;
    }
    const auto kind = record.type == dns_type::ptr ? service_kind(record.name->text()) : std::string_view();
    if (kind.empty() || kind == "_services._dns-sd._udp") return;
    NameBuffer instance;
    auto at = record.data_at;
    if (read_name(message, at, instance) && instance.labels() > 1) add_service(device, kind, instance.first_label());
}

void DeviceTable::hear_names(Device& device, const Packet& packet, ByteView message, NameSource source) {
    DnsReader in(message);
    if (!in.ok()) return;
    std::array<Pair, most_pairs> pairs;
    std::size_t count = 0;
    DnsRecord record;
    while (in.next(record)) {
        if (!is_said_by_sender(in.header(), record.section)) continue;
        if (source == NameSource::mdns && in.header().is_response) hear_service(device, message, record);
        if (!is_name_of(record) || count == pairs.size()) continue;
        auto& pair = pairs[count++];
        const auto name = record.name->text();
        std::copy(name.begin(), name.end(), pair.bytes.begin());
        pair.size = static_cast<std::uint16_t>(name.size());
        pair.ip = ip_of(record.data);
    }
    find_own(pairs, count, device, packet.source);
    // From here on `device` may be forgotten when the table is full, so its own come first.
    for (std::size_t i = 0; i < count; ++i) {
        if (!pairs[i].is_own) continue;
        add_name(device, source, pairs[i].name());
        add_ip(device, pairs[i].ip);
    }
    for (std::size_t i = 0; i < count; ++i)
        if (!pairs[i].is_own && pairs[i].ip.is_host()) add_name(heard(pairs[i].ip), source, pairs[i].name());
}

void DeviceTable::on_mdns(const Frame& frame, const Packet& packet, ByteView message) {
    protocol_ = heard_in::mdns;
    if (!packet.source.is_host()) return;
    hear_names(speaker(frame, packet, packet.hops == 255), packet, message, NameSource::mdns);
}

void DeviceTable::on_llmnr(const Frame& frame, const Packet& packet, ByteView message) {
    protocol_ = heard_in::llmnr;
    if (!packet.source.is_host()) return;
    auto& device = speaker(frame, packet, true);
    if (DnsReader in(message); in.ok() && in.header().is_response && in.header().operation == 0)
        hear_names(device, packet, message, NameSource::llmnr);
}

void DeviceTable::on_nbns(const Frame& frame, const Packet& packet, const Nbns& said) {
    protocol_ = heard_in::nbns;
    if (!packet.source.is_host()) return;
    auto& sender = speaker(frame, packet, are_near(packet.source, packet.target));
    constexpr std::uint8_t workstation = 0x00;
    for (std::size_t i = 0; i < said.count; ++i) {
        const auto& name = said.names[i];
        // A name server answers for others.
        const bool is_own = name.address.size == 0 || name.address == packet.source || has(sender, name.address);
        if (!is_own) continue;
        if (!name.is_group)
            add_name(sender, NameSource::nbns, name.text(), name.suffix);
        else if (name.suffix == workstation && sender.workgroup != name.text())
            sender.workgroup = clean_text(name.text());
    }
    for (std::size_t i = 0; i < said.count; ++i) {
        const auto& name = said.names[i];
        const bool is_other = name.address.is_host() && name.address != packet.source && !name.is_group;
        if (is_other) add_name(heard(name.address), NameSource::nbns, name.text(), name.suffix);
    }
}

void DeviceTable::on_ssdp(const Frame& frame, const Packet& packet, const Ssdp& said) {
    protocol_ = heard_in::ssdp;
    if (!packet.source.is_host()) return;
    auto& device = speaker(frame, packet, are_near(packet.source, packet.target));
    if (said.kind == SsdpKind::search) return;
    if (!said.server.empty() && device.server_text != said.server) device.server_text = clean_text(said.server);
    const bool is_kind = said.type.starts_with("urn:") || said.type == "upnp:rootdevice";
    if (is_kind && !said.is_leaving) add_service(device, said.type, said.location);
}

}  // namespace vg::probes::lan
