// What addresses, DHCP and neighbours' messages say of a device.
#include "probes/lan/device_table.hpp"
#include "probes/lan/dissect/text.hpp"

#include <algorithm>

namespace vg::probes::lan {

using namespace dissect;

namespace {

// Takes over what was told and is not known yet.
void keep_raw(std::string& known, ByteView told) {
    if (!told.empty() && known != text_of(told))
        known = std::string(text_of(told.first(std::min<std::size_t>(told.size(), 255))));
}
void keep_text(std::string& known, ByteView told) {
    if (told.empty() || known == text_of(told)) return;
    if (auto text = clean_text(told); !text.empty()) known = std::move(text);
}

template <class Client>
Client& made(std::unique_ptr<Client>& client) {
    if (!client) client = std::make_unique<Client>();
    return *client;
}

}  // namespace

void DeviceTable::on_frame(const Frame& frame) {
    if (!frame.source.is_machine()) return;
    auto found = place_of(frame.source);
    if (found == devices_.end()) {
        if (!limits_.counts_plain_frames) return;
        add().mac = frame.source;
        by_mac_.emplace(frame.source.value, found = devices_.begin());
    }
    auto& device = *found;
    ++device.frames;
    device.last = now_;
    if (frame.vlan != 0) device.vlan = frame.vlan;
}

void DeviceTable::on_arp(const Frame& frame, const Arp& arp) {
    protocol_ = heard_in::arp;
    if (!arp.sender.is_machine()) return;
    add_ip(heard(arp.sender, frame.vlan), arp.sender_ip);
}

void DeviceTable::on_ndp(const Frame& frame, const Packet& packet, const Ndp& ndp) {
    protocol_ = heard_in::ndp;
    const bool advertises = ndp.type == NdpType::neighbour_advertisement;
    const auto mac = ndp.link_address.is_machine() ? ndp.link_address : frame.source;
    if (!mac.is_machine()) return;
    auto& device = heard(mac, frame.vlan);
    add_ip(device, advertises ? ndp.target : packet.source);
    const bool is_router = ndp.type == NdpType::router_advertisement && ndp.router_lifetime > 0;
    if (is_router || (advertises && (ndp.flags & 0x80) != 0)) device.roles |= role::router;
}

void DeviceTable::hear_lease(Device& device, const Dhcp4& message) {
    const bool has_address = message.your_ip.is_host();
    const auto& ip = has_address ? message.your_ip : message.client_ip;
    if (!ip.is_host()) return;
    add_ip(device, ip);
    if (!has_address) return;  // the answer to an INFORM leases nothing
    auto& leases = made(device.dhcp).leases;
    const Lease lease{ip, message.server, message.lease_seconds};
    std::erase_if(leases, [&lease](const Lease& l) {
        return l.ip == lease.ip && l.server == lease.server && l.seconds == lease.seconds;
    });
    if (leases.size() >= limits_.leases) leases.erase(leases.begin());
    leases.push_back(lease);
    if (on_lease) on_lease(device, lease);
}

void DeviceTable::on_dhcp4(const Frame& frame, const Packet& packet, const Dhcp4& message) {
    protocol_ = heard_in::dhcp;
    const bool is_direct = message.relay.bytes == Ip{}.bytes;
    if (message.is_reply && is_direct && frame.source.is_machine()) {
        auto& server = heard(frame.source, frame.vlan);
        server.roles |= role::dhcp_server;
        add_ip(server, packet.source);
    }
    if (!message.client.is_machine()) return;
    auto& device = heard(message.client, frame.vlan);
    add_name(device, NameSource::dhcp, text_of(message.host_name));
    if (!message.full_name.empty()) add_name(device, NameSource::dhcp, full_name_text(message.full_name));
    auto& client = made(device.dhcp);
    if (message.is_reply) {
        if (message.type == Dhcp4Type::acknowledge || message.type == Dhcp4Type::bootp) hear_lease(device, message);
        return;
    }
    keep_raw(client.parameters, message.parameters);
    keep_raw(client.client_id, message.client_id);
    keep_text(client.vendor_class, message.vendor_class);
    keep_text(client.host_name, message.host_name);
    if (message.requested.is_host()) client.requested = message.requested;
    const bool has_address = message.type == Dhcp4Type::request || message.type == Dhcp4Type::inform;
    if (has_address) add_ip(device, message.client_ip);  // one that is only asked for is not yet anybody's
}

void DeviceTable::on_dhcp6(const Frame& frame, const Packet& packet, const Dhcp6& message) {
    protocol_ = heard_in::dhcpv6;
    auto mac = message.client;
    if (!message.is_relayed) mac = message.is_from_server() ? frame.target : frame.source;
    if (!mac.is_machine()) mac = duid_mac(message.client_duid);
    if (message.is_from_server() && !message.is_relayed && frame.source.is_machine()) {
        auto& server = heard(frame.source, frame.vlan);
        server.roles |= role::dhcp6_server;
        add_ip(server, packet.source);
    }
    if (!mac.is_machine()) return;
    auto& device = heard(mac, frame.vlan);
    auto& client = made(device.dhcp6);
    keep_raw(client.duid, message.client_duid);
    if (!message.full_name.empty()) {
        auto name = full_name6_text(message.full_name);
        add_name(device, NameSource::dhcpv6, name);
        if (!name.empty()) client.full_name = std::move(name);
    }
    if (message.is_reply()) {
        for (std::size_t i = 0; i < message.address_count; ++i) {
            const auto& given = message.addresses[i];
            if (given.prefix != 0 || !given.ip.is_host() || given.valid_seconds == 0) continue;
            add_ip(device, given.ip);
            std::erase(client.addresses, given.ip);
            if (client.addresses.size() >= limits_.leases) client.addresses.erase(client.addresses.begin());
            client.addresses.push_back(given.ip);
        }
        return;
    }
    if (message.is_from_server()) return;
    if (!message.is_relayed) add_ip(device, packet.source);
    keep_raw(client.options, message.options);
    keep_text(client.vendor_class, message.vendor_class);
    if (message.enterprise != 0) client.enterprise = message.enterprise;
}

void DeviceTable::hear_announcement(const Frame& frame, const Announcement& said, NeighbourProtocol protocol) {
    protocol_ = protocol == NeighbourProtocol::lldp ? heard_in::lldp : heard_in::cdp;
    auto mac = frame.source;
    if (!mac.is_machine() && said.chassis.kind == IdKind::mac) mac = mac_of(said.chassis.raw);
    auto& device = mac.is_machine() ? heard(mac, frame.vlan) : heard(said.addresses[0]);
    Neighbour n;
    n.protocol = protocol;
    n.chassis = to_text(said.chassis);
    n.port = to_text(said.port);
    n.port_description = clean_text(said.port_description);
    n.name = clean_text(said.name);
    n.description = clean_text(said.description);
    n.platform = clean_text(said.platform);
    n.serial = clean_text(said.serial);
    n.vlan = said.vlan;
    n.seconds_to_live = said.seconds_to_live;
    n.addresses.assign(said.addresses.begin(),
                       said.addresses.begin() + static_cast<std::ptrdiff_t>(said.address_count));
    add_name(device, protocol == NeighbourProtocol::lldp ? NameSource::lldp : NameSource::cdp, n.name);
    add_neighbour(device, std::move(n));
}

void DeviceTable::on_lldp(const Frame& frame, const Announcement& said) {
    hear_announcement(frame, said, NeighbourProtocol::lldp);
}

void DeviceTable::on_cdp(const Frame& frame, const Announcement& said) {
    hear_announcement(frame, said, NeighbourProtocol::cdp);
}

void DeviceTable::on_stp(const Frame& frame, const Stp& said) {
    protocol_ = heard_in::stp;
    if (!frame.source.is_machine()) return;
    auto& device = heard(frame.source, frame.vlan);
    device.roles |= role::bridge;
    if (said.is_change_notice || !said.bridge.is_machine()) return;
    constexpr auto digits = "0123456789abcdef";
    Neighbour n;
    n.protocol = NeighbourProtocol::stp;
    n.chassis = to_text(said.bridge);
    for (const auto shift : {12U, 8U, 4U, 0U}) n.port += digits[said.port >> shift & 15U];
    n.name = to_text(said.root);  // of a bridge: the root of its tree
    n.vlan = frame.vlan;
    add_neighbour(device, std::move(n));
}

}  // namespace vg::probes::lan
