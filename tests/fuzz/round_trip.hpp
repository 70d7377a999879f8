#pragma once
// What every fuzzer of a decoder asks: whatever was accepted can be written and read again, and then nothing changes.

#include "base/bytes.hpp"

#include <cstdlib>

namespace vg::fuzz {

inline void require(bool held) {
    if (!held) std::abort();
}

template <class Decode, class Encode>
void round_trip(ByteView input, Decode decode, Encode encode) {
    const auto read = decode(input);
    if (!read) {
        require(!read.error().message.empty());
        return;
    }
    const Bytes written = encode(*read);
    const auto again = decode(written);
    require(again.has_value());
    require(encode(*again) == written);
}

}  // namespace vg::fuzz
