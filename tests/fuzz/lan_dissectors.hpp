#pragma once
// For the fuzzers of single dissectors: the input in memory of its own size, so that reading one byte too far is found,
// and a check of every text that may come out.

#include "base/bytes.hpp"
#include "probes/lan/dissect/text.hpp"
#include "tests/fuzz/round_trip.hpp"

namespace vg::fuzz {

inline void require_text(const std::string& text) {
    require(text.size() <= probes::lan::dissect::most_text);
    require(probes::lan::dissect::clean_text(text) == text);  // nothing left to clean
}

// A view that a dissector gave lies inside what it was given.
inline void require_inside(ByteView whole, ByteView part) {
    require(part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size()));
}

}  // namespace vg::fuzz
