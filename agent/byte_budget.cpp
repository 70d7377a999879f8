#include "agent/byte_budget.hpp"

#include <charconv>

namespace vg::agent {
namespace {

std::int64_t day_of(Time at) {
    return std::chrono::floor<std::chrono::days>(at + std::chrono::hours{7}).time_since_epoch().count();
}

}  // namespace

void ByteCount::add(std::uint64_t bytes, Time now) {
    bytes_ = today(now) + bytes;
    day_ = day_of(now);
}

std::uint64_t ByteCount::today(Time now) const { return day_of(now) == day_ ? bytes_ : 0; }

std::string ByteCount::text() const { return std::to_string(day_) + " " + std::to_string(bytes_); }

void ByteCount::restore(std::string_view text) {
    std::int64_t day = 0;
    std::uint64_t bytes = 0;
    const auto* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, day);
    if (first.ec != std::errc{} || first.ptr == end) return;
    if (std::from_chars(first.ptr + 1, end, bytes).ec != std::errc{}) return;
    day_ = day;
    bytes_ = bytes;
}

}  // namespace vg::agent
