// Any bytes as DHCPv6, relays inside relays.
#include "probes/lan/dissect/dhcp6.hpp"
#include "tests/fuzz/lan_dissectors.hpp"

using namespace vg;
using namespace vg::probes::lan::dissect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, data + size);
    if (const auto m = read_dhcp6(bytes)) {
        for (const auto part : {m->client_duid, m->server_duid, m->full_name, m->options, m->vendor_class})
            fuzz::require_inside(bytes, part);
        fuzz::require(m->address_count <= m->addresses.size());
        fuzz::require_text(full_name6_text(m->full_name));
        (void)duid_mac(m->client_duid);
        (void)fingerprint6_text(m->options);
    }
    return 0;
}
