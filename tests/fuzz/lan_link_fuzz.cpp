// Any bytes behind any link layer: what lies inside lies inside, and is read as IP, ARP and the rest.
#include "probes/lan/dissect/dissect.hpp"
#include "tests/fuzz/lan_dissectors.hpp"

using namespace vg;
using namespace vg::probes::lan::dissect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, data + size);
    for (const int type : {0, 1, 12, 101, 104, 105, 108, 113, 127, 147, 228, 229, 276}) {
        Frame frame;
        if (!read_link(type, bytes, frame)) continue;
        fuzz::require_inside(bytes, frame.payload);
        fuzz::require(frame.vlan < 4096);
        Packet packet;
        Datagram datagram;
        for (const auto read : {read_ipv4, read_ipv6})
            if (read(frame.payload, packet)) {
                fuzz::require_inside(frame.payload, packet.payload);
                if (read_udp(packet, datagram)) fuzz::require_inside(packet.payload, datagram.payload);
            }
    }
    return 0;
}
