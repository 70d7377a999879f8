#include "base/usage.hpp"

#include <gtest/gtest.h>

namespace vg {
namespace {

TEST(Usage, SaysTheMistakeInBothLanguages) {
    EXPECT_EQ(usage_mistake("vonggac-agent", 109, "The following argument was not expected: --foo"),
              "vonggac-agent: Không hiểu: --foo / The following argument was not expected: --foo\n"
              "Xem / see: vonggac-agent --help\n");
    EXPECT_EQ(usage_mistake("p", 106, "--token is required"),
              "p: Thiếu: --token / --token is required\nXem / see: p --help\n");
    EXPECT_EQ(usage_mistake("p", 106, "A subcommand is required"),
              "p: Thiếu: lệnh con / A subcommand is required\nXem / see: p --help\n");
    EXPECT_EQ(usage_mistake("p", 1, "odd"), "p: Dòng lệnh không đúng: odd / odd\nXem / see: p --help\n");
}

}  // namespace
}  // namespace vg
