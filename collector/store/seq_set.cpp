#include "collector/store/seq_set.hpp"

#include <algorithm>

namespace vg::collector {
namespace {

// The first range that ends at or after seq.
auto place_of(const std::vector<wire::SeqRange>& ranges, std::uint64_t seq) {
    return std::lower_bound(ranges.begin(), ranges.end(), seq,
                            [](const wire::SeqRange& range, std::uint64_t s) { return range.last < s; });
}

}  // namespace

bool SeqSet::add(std::uint64_t seq) {
    if (!ranges_.empty() && seq == ranges_.back().last + 1) {  // the usual case
        ranges_.back().last = seq;
        return true;
    }
    const auto at = ranges_.begin() + (place_of(ranges_, seq) - ranges_.cbegin());
    if (at != ranges_.end() && at->first <= seq) return false;
    const bool joins_left = at != ranges_.begin() && std::prev(at)->last + 1 == seq;
    const bool joins_right = at != ranges_.end() && seq + 1 == at->first;
    if (joins_left && joins_right) {
        std::prev(at)->last = at->last;
        ranges_.erase(at);
    } else if (joins_left) {
        std::prev(at)->last = seq;
    } else if (joins_right) {
        at->first = seq;
    } else {
        ranges_.insert(at, {seq, seq});
    }
    return true;
}

bool SeqSet::has(std::uint64_t seq) const {
    const auto at = place_of(ranges_, seq);
    return at != ranges_.end() && at->first <= seq;
}

std::vector<wire::SeqRange> SeqSet::missing(std::uint64_t below, std::size_t most) const {
    std::vector<wire::SeqRange> out;
    std::uint64_t next = 1;
    for (const auto& range : ranges_) {
        if (out.size() >= most || next >= below) return out;
        if (range.first > next) out.push_back({next, std::min(range.first, below) - 1});
        next = range.last + 1;
    }
    if (next < below && out.size() < most) out.push_back({next, below - 1});
    return out;
}

Bytes SeqSet::encode() const {
    Bytes out;
    Writer writer(out);
    std::uint64_t before = 0;
    for (const auto& range : ranges_) {
        writer.varint(range.first - before);
        writer.varint(range.last - range.first);
        before = range.last;
    }
    return out;
}

Result<SeqSet> SeqSet::decode(ByteView bytes) {
    SeqSet set;
    Reader in(bytes);
    std::uint64_t before = 0;
    while (in.ok() && in.left() > 0) {
        wire::SeqRange range;
        range.first = before + in.varint();
        range.last = range.first + in.varint();
        before = range.last;
        set.ranges_.push_back(range);
    }
    if (!in.ok())
        return fail(Errc::corrupt,
                    say({"một tập số thứ tự đã lưu bị hỏng", "a stored set of sequence numbers is damaged"}));
    return set;
}

}  // namespace vg::collector
