#include "collector/auth/throttle.hpp"

#include <algorithm>

namespace vg::collector::auth {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr unsigned free_by_account = 5;
constexpr unsigned free_by_address = 20;
constexpr Millis longest_by_account = seconds(30);
constexpr Millis longest_by_address = minutes(15);
constexpr Millis forgotten_after = minutes(30);
constexpr std::size_t most_entries = 10'000;

Millis penalty(unsigned failures, unsigned free, Millis longest) {
    if (failures < free) return Millis{0};
    return std::min<Millis>(longest, seconds(1 << std::min(failures - free, 20U)));
}

}  // namespace

std::optional<Millis> Throttle::wait(const std::string& account, const std::string& address, Time now) const {
    const auto left = [now](const Table& table, const std::string& key, unsigned free, Millis longest) {
        const auto found = table.find(key);
        if (found == table.end() || now - found->second.last > forgotten_after) return Millis{0};
        return penalty(found->second.count, free, longest) - (now - found->second.last);
    };
    const auto longest = std::max(left(accounts_, account, free_by_account, longest_by_account),
                                  left(addresses_, address, free_by_address, longest_by_address));
    return longest > Millis{0} ? std::optional(longest) : std::nullopt;
}

void Throttle::add(Table& table, const std::string& key, Time now) {
    if (table.size() >= most_entries)
        std::erase_if(table, [now](const auto& e) { return now - e.second.last > minutes(1); });
    auto& entry = table[key];
    if (now - entry.last > forgotten_after) entry.count = 0;
    ++entry.count;
    entry.last = now;
}

void Throttle::failed(const std::string& account, const std::string& address, Time now) {
    add(accounts_, account, now);
    add(addresses_, address, now);
}

void Throttle::succeeded(const std::string& account, const std::string& address) {
    accounts_.erase(account);
    if (const auto found = addresses_.find(address); found != addresses_.end() && found->second.count > 0)
        --found->second.count;
}

}  // namespace vg::collector::auth
