#include "probes/snmp/walk.hpp"

#include <algorithm>

namespace vg::probes::snmp {
namespace {

constexpr std::size_t most_values = 40'000;  // a chassis with 2,000 ports and 14 columns fits
constexpr std::size_t most_requests = 2'000;
constexpr std::size_t longest_index = 32;

}  // namespace

bool is_under(const Oid& oid, const Oid& base) {
    return oid.size() > base.size() && std::equal(base.begin(), base.end(), oid.begin());
}

std::string to_text(const Oid& oid) {
    std::string out;
    for (const auto part : oid) out += (out.empty() ? "" : ".") + std::to_string(part);
    return out;
}

Walk::Walk(Oid entry, std::vector<std::uint32_t> columns) : entry_(std::move(entry)) {
    for (const auto number : columns) {
        auto cursor = entry_;
        cursor.push_back(number);
        columns_.push_back({number, std::move(cursor), false});
    }
}

std::vector<Oid> Walk::next() const {
    std::vector<Oid> ask;
    if (values_ >= most_values || requests_ >= most_requests) return ask;
    for (const auto& column : columns_)
        if (!column.is_done) ask.push_back(column.cursor);
    return ask;
}

void Walk::take(std::span<const Binding> answer) {
    ++requests_;
    std::vector<bool> moved(columns_.size(), false);
    for (const auto& binding : answer) {
        if (!is_under(binding.oid, entry_)) continue;
        const auto number = binding.oid[entry_.size()];
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            auto& column = columns_[i];
            // Only what lies beyond the cursor counts, so a walk in circles ends.
            if (column.is_done || column.number != number || binding.oid <= column.cursor) continue;
            const Oid index(binding.oid.begin() + static_cast<long>(entry_.size()) + 1, binding.oid.end());
            if (std::holds_alternative<std::monostate>(binding.value) || index.empty() || index.size() > longest_index)
                continue;
            column.cursor = binding.oid;
            moved[i] = true;
            if (values_++ < most_values) rows_[index][number] = binding.value;
        }
    }
    for (std::size_t i = 0; i < columns_.size(); ++i)
        if (!moved[i]) columns_[i].is_done = true;
}

}  // namespace vg::probes::snmp
