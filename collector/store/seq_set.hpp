#pragma once
// A set of sequence numbers as sorted, disjoint ranges: what the collector has of one spool epoch. Agents send nearly
// in order, so it stays a handful of ranges however long they run. Pure.

#include "base/bytes.hpp"
#include "wire/messages.hpp"

#include <vector>

namespace vg::collector {

class SeqSet {
public:
    // False when it was there already.
    bool add(std::uint64_t seq);
    [[nodiscard]] bool has(std::uint64_t seq) const;
    [[nodiscard]] const std::vector<wire::SeqRange>& ranges() const { return ranges_; }
    // What is not here of [1, below), at most `most` ranges, the oldest first.
    [[nodiscard]] std::vector<wire::SeqRange> missing(std::uint64_t below, std::size_t most = 1000) const;

    [[nodiscard]] Bytes encode() const;
    [[nodiscard]] static Result<SeqSet> decode(ByteView bytes);

private:
    std::vector<wire::SeqRange> ranges_;
};

}  // namespace vg::collector
