#pragma once
// Names of people in events: as they are, or as pseudonyms that are the same for the same name and need the key to be
// traced (HMAC-SHA-256). Owned by the watcher; one thread.

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <string>

namespace vg::probes::auth_log {

class Names {
public:
    [[nodiscard]] static Names plain() { return Names({}); }
    // Reads the key, or makes one that only this user may read. Error(permission) when neither is possible.
    [[nodiscard]] static Result<Names> with_key_file(const std::string& path);
    // For this run only: pseudonyms differ after a restart.
    [[nodiscard]] static Names with_passing_key();

    // "u-" and 16 hex digits. Names of roles (root, admin ...) stay, they are nobody's.
    [[nodiscard]] std::string shown(const std::string& user) const;

private:
    explicit Names(Bytes key) : key_(std::move(key)) {}
    Bytes key_;  // empty: names stay
};

}  // namespace vg::probes::auth_log
