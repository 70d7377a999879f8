// Any bytes as a frame on the LAN: a sighting with a card's address, or nothing. A byte before each frame is its length
// (short ones are frequent); the same roster sees them all.
#include "probes/lan/frames.hpp"
#include "probes/lan/roster.hpp"
#include "tests/fuzz/round_trip.hpp"

#include <algorithm>

using namespace vg;
using namespace vg::probes::lan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Roster roster(16);
    Mono now{};
    const auto look = [&](ByteView frame) {
        const auto seen = dissect_ethernet(frame);
        if (!seen) return;
        fuzz::require(seen->mac.size() == 17 && seen->vlan < 4096 && seen->host_name.size() <= 255);
        const auto [host, news] = roster.see(*seen, now);
        fuzz::require(host != nullptr && host->mac == seen->mac && roster.size() <= 16);
        now += Millis{1000};
    };
    look({data, size});
    for (ByteView rest(data, size); !rest.empty();) {
        const std::size_t length = std::min<std::size_t>(rest.size() - 1, rest[0]);
        look(rest.subspan(1, length));
        rest = rest.subspan(1 + length);
    }
    return 0;
}
