// Any bytes as ARP.
#include "probes/lan/dissect/arp.hpp"
#include "tests/fuzz/lan_dissectors.hpp"

using namespace vg;
using namespace vg::probes::lan::dissect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, data + size);
    if (const auto arp = read_arp(bytes)) fuzz::require(size >= 28 && arp->sender_ip.size == 4);
    return 0;
}
