#pragma once
// What the spool decides, without a disk: how much must go when space runs out, in which order, and how losses are
// written down as exact ranges. Pure; any thread.

#include "wire/messages.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace vg::agent {

struct Use {
    std::uint64_t batches = 0;
    std::uint64_t bytes = 0;  // bodies and what a row costs beside them
};

struct UseByClass {
    std::array<Use, 3> by_class{};
    [[nodiscard]] Use& of(wire::BatchClass batch_class) { return by_class[static_cast<std::size_t>(batch_class) - 1]; }
    [[nodiscard]] const Use& of(wire::BatchClass batch_class) const {
        return by_class[static_cast<std::size_t>(batch_class) - 1];
    }
    [[nodiscard]] Use total() const;
};

// What one stored batch costs beside its body (row header, indexes, page slack).
inline constexpr std::uint64_t row_cost = 64;

// When space runs out: oldest samples first, then facts, events last.
inline constexpr std::array drop_order = {wire::BatchClass::samples, wire::BatchClass::facts, wire::BatchClass::events};

// 0 when `incoming` fits into `quota`; else what to free, a twentieth of the quota more than needed, so that a full
// spool does not drop at every batch.
[[nodiscard]] std::uint64_t bytes_to_free(std::uint64_t used, std::uint64_t incoming, std::uint64_t quota);

// Notes the loss of one batch; joins the last range when that ends just before `seq` and is of the same kind.
void add_lost(std::vector<wire::LostRange>& ranges, std::uint64_t seq, wire::BatchClass batch_class,
              std::uint64_t items, std::string_view reason);

// The parts of `asked` that are in none of `held` (both ascending and without overlap).
[[nodiscard]] std::vector<wire::SeqRange> subtract(std::span<const wire::SeqRange> asked,
                                                   std::span<const wire::SeqRange> held);

}  // namespace vg::agent
