#include "base/log.hpp"

#include <gtest/gtest.h>

namespace vg {
namespace {

TEST(Log, WhatOthersWroteBeginsNoEntryAndSteersNoTerminal) {
    EXPECT_EQ(log::tamed("máy ở Trà My"), "máy ở Trà My");
    EXPECT_EQ(log::tamed("pc\n2026-11-22 info auth: signed in"), "pc\n    2026-11-22 info auth: signed in");
    EXPECT_EQ(log::tamed("\x1b[2J\r\x7f"), "\\x1b[2J\\x0d\\x7f");
}

}  // namespace
}  // namespace vg
