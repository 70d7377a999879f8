// Any bytes as ICMPv6 of the link.
#include "probes/lan/dissect/ndp.hpp"
#include "tests/fuzz/lan_dissectors.hpp"

using namespace vg;
using namespace vg::probes::lan::dissect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, data + size);
    Packet packet;
    packet.protocol = 58;
    packet.hops = 255;
    packet.payload = bytes;
    if (const auto ndp = read_ndp(packet)) fuzz::require(ndp->target.size == 0 || ndp->target.size == 16);
    return 0;
}
