#pragma once
// One frame, from the link to whatever it says about who is there, told to a listener. Total: any bytes of any link
// type end in calls or in silence. Pure; any thread.

#include "probes/lan/dissect/announcement.hpp"
#include "probes/lan/dissect/arp.hpp"
#include "probes/lan/dissect/dhcp4.hpp"
#include "probes/lan/dissect/dhcp6.hpp"
#include "probes/lan/dissect/dns.hpp"
#include "probes/lan/dissect/ip.hpp"
#include "probes/lan/dissect/link.hpp"
#include "probes/lan/dissect/nbns.hpp"
#include "probes/lan/dissect/ndp.hpp"
#include "probes/lan/dissect/ssdp.hpp"
#include "probes/lan/dissect/stp.hpp"

namespace vg::probes::lan::dissect {

// Views are valid during the call only.
class Listener {
public:
    virtual ~Listener() = default;
    virtual void on_frame(const Frame&) {}  // every frame whose link layer could be read, before what it holds
    virtual void on_arp(const Frame&, const Arp&) {}
    virtual void on_ndp(const Frame&, const Packet&, const Ndp&) {}
    virtual void on_dhcp4(const Frame&, const Packet&, const Dhcp4&) {}
    virtual void on_dhcp6(const Frame&, const Packet&, const Dhcp6&) {}
    virtual void on_mdns(const Frame&, const Packet&, ByteView) {}
    virtual void on_llmnr(const Frame&, const Packet&, ByteView) {}
    virtual void on_nbns(const Frame&, const Packet&, const Nbns&) {}
    virtual void on_ssdp(const Frame&, const Packet&, const Ssdp&) {}
    virtual void on_lldp(const Frame&, const Announcement&) {}
    virtual void on_cdp(const Frame&, const Announcement&) {}
    virtual void on_stp(const Frame&, const Stp&) {}
};

void dissect(int link_type, ByteView bytes, Listener& listener);

}  // namespace vg::probes::lan::dissect
