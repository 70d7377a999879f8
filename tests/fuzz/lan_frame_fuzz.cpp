// Any bytes as frames on the LAN, told to the table of devices as the agent does. A byte before each frame is its
// length (short ones are frequent); the first chooses the link type. Everything stays within its bounds, and what is
// told fits the wire.
#include "probes/lan/device_json.hpp"
#include "probes/lan/facts.hpp"
#include "probes/lan/teller.hpp"
#include "tests/fuzz/round_trip.hpp"
#include "wire/fact_table.hpp"

#include <algorithm>

using namespace vg;
using namespace vg::probes::lan;

namespace {

constexpr int link_types[] = {1, 1, 1, 0, 12, 108, 113, 276, 228, 127, 105, 104, 147};

void check(const Device& device) {
    fuzz::require(device.ips.size() <= 4 && device.names.size() <= 4 && device.services.size() <= 4);
    fuzz::require(device.neighbours.size() <= 4 && device.vlan < 4096);
    for (const auto& name : device.names) fuzz::require(!name.text.empty() && name.text.size() <= 255);
    if (device.dhcp) fuzz::require(device.dhcp->leases.size() <= 4);
    fuzz::require(!device_line(device).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const int type = link_types[data[0] % std::size(link_types)];
    DeviceTable table({16, 4, 4, 4, 4, 4, true});
    Teller teller;
    Mono now{};
    for (ByteView rest(data + 1, size - 1); !rest.empty();) {
        // A first byte of 255: all that is left is one frame.
        const std::size_t length = rest[0] == 255 ? rest.size() - 1 : std::min<std::size_t>(rest.size() - 1, rest[0]);
        // A copy of its own, so that reading one byte too far is found.
        const Bytes frame(rest.begin() + 1, rest.begin() + 1 + static_cast<std::ptrdiff_t>(length));
        dissect::dissect(type, frame, table);
        rest = rest.subspan(1 + length);
        now += Millis{1000};
        const auto told = teller.tell(table, now);
        for (const auto& fact : told.facts) fuzz::require(wire::find_fact(fact.subject.kind, fact.name) != nullptr);
        fuzz::require(table.size() <= 16);
    }
    table.settle();
    for (const auto& device : table.devices()) check(device);
    return 0;
}
