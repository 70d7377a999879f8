#pragma once
// How many bytes went over the line today, both ways with all headers, and whether the day's budget is used up.
// The day is Viet Nam's (UTC+7), for that is what a mobile contract counts. Pure.

#include "base/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace vg::agent {

class ByteCount {
public:
    void add(std::uint64_t bytes, Time now);
    [[nodiscard]] std::uint64_t today(Time now) const;
    [[nodiscard]] bool is_used_up(std::uint64_t budget_day, Time now) const {
        return budget_day != 0 && today(now) >= budget_day;
    }
    // "days-since-1970 bytes": what outlives the process.
    [[nodiscard]] std::string text() const;
    void restore(std::string_view text);

private:
    std::int64_t day_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace vg::agent
