#pragma once
// Who is on the LAN, gathered from frames: the listener that a dissected frame is told to. Bounded in devices and in
// what is kept of each; the longest unheard device goes first. Addresses are believed of link-local speech only, so
// that a router does not gather the addresses of the whole Internet. Pure; one thread.

#include "probes/lan/device.hpp"
#include "probes/lan/dissect/dissect.hpp"

#include <functional>
#include <list>
#include <map>
#include <unordered_map>

namespace vg::probes::lan {

struct TableLimits {
    std::size_t devices = 4096, ips = 16, names = 16, services = 32, neighbours = 16, leases = 8;
    bool counts_plain_frames = false;  // devices of which only frames in other protocols were seen, too
};

class DeviceTable final : public dissect::Listener {
public:
    explicit DeviceTable(TableLimits limits = {}) : limits_(limits) {}

    void set_time(Time now) { now_ = now; }  // of the frames that follow
    // Called for every acknowledgement of a DHCP server, within the call that heard it.
    std::function<void(const Device&, const Lease&)> on_lease;

    [[nodiscard]] std::size_t size() const { return devices_.size(); }
    // The devices heard since the last call (in the order of their first frame); valid until the next frame.
    [[nodiscard]] std::vector<Device*> take_touched();
    [[nodiscard]] Device* find(Mac mac);  // null: not known; valid as above
    // What was told of an address alone goes to the device that has it by now.
    void settle();
    [[nodiscard]] const std::list<Device>& devices() const { return devices_; }  // latest heard first
    [[nodiscard]] std::list<Device>& devices() { return devices_; }

    void on_frame(const dissect::Frame& frame) override;
    void on_arp(const dissect::Frame&, const dissect::Arp& arp) override;
    void on_ndp(const dissect::Frame&, const dissect::Packet&, const dissect::Ndp&) override;
    void on_dhcp4(const dissect::Frame&, const dissect::Packet&, const dissect::Dhcp4&) override;
    void on_dhcp6(const dissect::Frame&, const dissect::Packet&, const dissect::Dhcp6&) override;
    void on_mdns(const dissect::Frame&, const dissect::Packet&, ByteView) override;
    void on_llmnr(const dissect::Frame&, const dissect::Packet&, ByteView) override;
    void on_nbns(const dissect::Frame&, const dissect::Packet&, const dissect::Nbns&) override;
    void on_ssdp(const dissect::Frame&, const dissect::Packet&, const dissect::Ssdp&) override;
    void on_lldp(const dissect::Frame&, const dissect::Announcement&) override;
    void on_cdp(const dissect::Frame&, const dissect::Announcement&) override;
    void on_stp(const dissect::Frame&, const dissect::Stp&) override;

private:
    using Place = std::list<Device>::iterator;
    Place place_of(Mac mac);  // devices_.end(): not known
    Device& heard(Mac mac, std::uint16_t vlan);
    Device& heard(const Ip& ip);
    Device& touch(Place place);
    Device& add();
    Device& speaker(const dissect::Frame&, const dissect::Packet&, bool is_on_link);
    void forget_longest_unheard();
    void add_ip(Device&, const Ip&);
    void add_name(Device&, NameSource, std::string_view raw, std::uint8_t suffix = 0);
    void add_service(Device&, std::string_view kind, std::string_view text);
    void add_neighbour(Device&, Neighbour);
    void hear_names(Device&, const dissect::Packet&, ByteView, NameSource);
    void hear_service(Device&, ByteView message, const dissect::DnsRecord&);
    void hear_announcement(const dissect::Frame&, const dissect::Announcement&, NeighbourProtocol);
    void hear_lease(Device&, const dissect::Dhcp4&);

    TableLimits limits_;
    Time now_{};
    std::uint16_t protocol_ = 0;  // of the message that is being told, as in heard_in
    std::list<Device> devices_;
    std::unordered_map<std::uint64_t, Place> by_mac_;
    Mac last_mac_{};  // asked for last: a frame's sender is asked for by each layer
    Place last_place_{};
    std::map<Ip, Place> by_ip_;  // of those without a MAC
    std::size_t touched_ = 0;    // they stand at the front
};

}  // namespace vg::probes::lan
