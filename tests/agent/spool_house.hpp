#pragma once
// A spool in a directory of a test's own, on a clock that stands until the test moves it.

#include "agent/spool.hpp"
#include "tests/agent/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace vg::agent::testing {

class SpoolHouse : public ::testing::Test {
protected:
    static constexpr std::uint64_t roomy = 16 * 1024 * 1024;

    Spool open(std::uint64_t max_bytes = roomy) { return Spool::open({path(), max_bytes}, clock).value(); }
    [[nodiscard]] std::string path() const { return directory.file("spool.db"); }

    TemporaryDirectory directory;
    ManualClock clock{Time{Millis{1'700'000'000'000}}};
};

}  // namespace vg::agent::testing
