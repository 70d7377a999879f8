#include "tests/fuzz/round_trip.hpp"
#include "wire/frame.hpp"

#include <algorithm>

// The first byte says in how large pieces the rest arrives; the frames must not depend on it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    constexpr std::size_t limit = 4096;
    const std::size_t step = data[0] + 1U;
    const vg::ByteView input(data + 1, size - 1);
    vg::wire::FrameParser parser(limit);
    vg::Bytes again;
    bool failed = false;
    for (std::size_t at = 0; at < input.size() && !failed; at += step) {
        parser.feed(input.subspan(at, std::min(step, input.size() - at)));
        for (;;) {
            auto frame = parser.next();
            failed = frame.has_error();
            if (failed || !*frame) break;
            vg::wire::append_frame((*frame)->type, (*frame)->payload, again);
        }
        vg::fuzz::require(parser.buffered() <= limit + 4 + step);
    }
    vg::fuzz::require(failed == (parser.fault() != vg::wire::FrameFault::none));
    vg::fuzz::require(again.size() <= input.size());
    return 0;
}
