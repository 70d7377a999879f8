#include "base/text.hpp"

#include <gtest/gtest.h>

namespace vg {
namespace {

TEST(Text, LowerTouchesAsciiLettersOnly) {
    EXPECT_EQ(lower("Thanh Hóa-PC01 [Z@`{"), "thanh hóa-pc01 [z@`{");
    EXPECT_EQ(lower("ĐIỆN"), "ĐiỆn");
    EXPECT_EQ(lower(std::string_view("A\0B", 3)), std::string("a\0b", 3));
    EXPECT_EQ(lower(""), "");
    EXPECT_EQ(lower('A'), 'a');
    EXPECT_EQ(lower('Z'), 'z');
    EXPECT_EQ(lower('\xC3'), '\xC3');
}

TEST(Text, NamesComeInAnyCase) {
    EXPECT_TRUE(is_named("Content-LENGTH", "content-length"));
    EXPECT_TRUE(is_named("", ""));
    EXPECT_FALSE(is_named("content-lengt", "content-length"));
    EXPECT_FALSE(is_named("content-length:", "content-length"));
    EXPECT_FALSE(is_named("kelvin", "Kelvin"));
}

}  // namespace
}  // namespace vg
