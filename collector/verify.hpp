#pragma once
// The offline check of a store's evidence: every event against its agent's hash chain, every chain against the daily
// seals, every seal against the authority. Finds what was edited, dropped, put in another order or cut off. Reads a
// database that nobody else needs to have open; any thread.

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace vg::collector {

enum class FindingKind : std::uint8_t {
    edited,         // an event is not what it was when its chain was made
    dropped,        // events are missing inside a chain
    cut_tail,       // events are missing at a chain's end
    bad_seal,       // a seal is not the authority's, or not in its place
    not_as_sealed,  // a chain differs from what a seal says about it
    lost_before,    // a note, no fault of the store: the agent itself says that events were lost before this one
};
[[nodiscard]] const char* to_string(FindingKind kind) noexcept;

struct Finding {
    FindingKind kind{};
    std::string agent;
    std::uint64_t epoch = 0, index = 0;
    std::string vi, en;  // one sentence each
};

struct Verification {
    std::uint64_t events = 0, chains = 0, seals = 0;
    std::vector<Finding> findings;
    [[nodiscard]] bool is_intact() const;  // notes do not count
};

[[nodiscard]] Result<Verification> verify(const std::string& database_path, const std::string& authority_pem);

}  // namespace vg::collector
