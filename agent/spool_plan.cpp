#include "agent/spool_plan.hpp"

namespace vg::agent {

Use UseByClass::total() const {
    Use sum;
    for (const auto& use : by_class) {
        sum.batches += use.batches;
        sum.bytes += use.bytes;
    }
    return sum;
}

std::uint64_t bytes_to_free(std::uint64_t used, std::uint64_t incoming, std::uint64_t quota) {
    if (used + incoming <= quota) return 0;
    return used + incoming - quota + quota / 20;
}

void add_lost(std::vector<wire::LostRange>& ranges, std::uint64_t seq, wire::BatchClass batch_class,
              std::uint64_t items, std::string_view reason) {
    if (!ranges.empty()) {
        auto& last = ranges.back();
        if (last.seqs.last + 1 == seq && last.batch_class == batch_class && last.reason == reason) {
            last.seqs.last = seq;
            last.items += items;
            return;
        }
    }
    ranges.push_back({{seq, seq}, batch_class, items, std::string(reason)});
}

std::vector<wire::SeqRange> subtract(std::span<const wire::SeqRange> asked, std::span<const wire::SeqRange> held) {
    std::vector<wire::SeqRange> left;
    for (auto range : asked) {
        for (const auto& have : held) {
            if (have.last < range.first) continue;
            if (have.first > range.last) break;
            if (have.first > range.first) left.push_back({range.first, have.first - 1});
            range.first = have.last + 1;
            if (have.last >= range.last) break;
        }
        if (range.first <= range.last) left.push_back(range);
    }
    return left;
}

}  // namespace vg::agent
