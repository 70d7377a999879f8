#pragma once
// The spool's file: its tables, its settings, and what happens when it is damaged. Used by spool.cpp only.

#include "agent/spool.hpp"
#include "base/sqlite.hpp"

namespace vg::agent {

struct SpoolDatabase {
    sqlite::Database database;
    std::optional<SpoolDamage> damage;
};

// Opens or creates; a file that fails its check is renamed with its companions to "NAME.damaged-N".
[[nodiscard]] Result<SpoolDatabase> open_spool_database(const std::string& path);

}  // namespace vg::agent
