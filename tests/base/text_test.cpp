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

TEST(Text, HexadecimalDigits) {
    EXPECT_EQ(hex_digit('0'), 0);
    EXPECT_EQ(hex_digit('9'), 9);
    EXPECT_EQ(hex_digit('a'), 10);
    EXPECT_EQ(hex_digit('F'), 15);
    for (const char c : {'g', 'G', '/', ':', '@', '`', ' ', '\0'}) EXPECT_EQ(hex_digit(c), -1) << c;
}

}  // namespace
}  // namespace vg
