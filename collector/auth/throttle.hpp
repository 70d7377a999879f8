#pragma once
// Slows guessing down: failures are counted by account and by address, and each costs a wait that doubles. Pure: time
// is an argument. An account's wait stays short, so nobody can lock a colleague out; an address's grows long.

#include "base/clock.hpp"

#include <map>
#include <optional>
#include <string>

namespace vg::collector::auth {

class Throttle {
public:
    // How long this attempt has to wait yet; nothing: go on.
    [[nodiscard]] std::optional<Millis> wait(const std::string& account, const std::string& address, Time now) const;
    // Counted when an attempt begins, so that many at once gain nothing; succeeded() takes it back.
    void failed(const std::string& account, const std::string& address, Time now);
    void succeeded(const std::string& account, const std::string& address);

private:
    struct Failures {
        unsigned count = 0;
        Time last{};
    };
    using Table = std::map<std::string, Failures>;
    static void add(Table& table, const std::string& key, Time now);

    Table accounts_, addresses_;
};

}  // namespace vg::collector::auth
