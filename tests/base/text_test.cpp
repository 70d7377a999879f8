#include "base/text.hpp"
#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include <vector>

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

TEST(Text, CharactersAreNotBytes) {
    EXPECT_EQ(characters("Trà My"), 6U);
    EXPECT_EQ(characters("ở đây 日本"), 8U);
    EXPECT_EQ(characters(""), 0U);
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

TEST(Text, TrimTakesBlanksFromBothEnds) {
    EXPECT_EQ(trim(" \t a b\r\n"), "a b");
    EXPECT_EQ(trim("\na ", " "), "\na");
    EXPECT_EQ(trim(" \t "), "");
    EXPECT_EQ(trim(""), "");
}

TEST(Text, IsCutIntoLines) {
    std::string_view text = "one\r\n\ntwo\n three", line;
    std::vector<std::string_view> lines;
    while (next_line(text, line)) lines.push_back(line);
    EXPECT_EQ(lines, (std::vector<std::string_view>{"one", "", "two", " three"}));
    EXPECT_TRUE(text.empty());
}

TEST(Text, IsCutIntoPieces) {
    std::string_view text = "a,,b";
    EXPECT_EQ(next_piece(text, ','), "a");
    EXPECT_EQ(next_piece(text, ','), "");
    EXPECT_EQ(next_piece(text, ','), "b");
    EXPECT_EQ(next_piece(text, ','), "");
    EXPECT_TRUE(text.empty());
}

TEST(Text, IsCutIntoWords) {
    std::string_view text = "  cpu\t12  ";
    EXPECT_EQ(next_word(text), "cpu");
    EXPECT_EQ(next_word(text), "12");
    EXPECT_EQ(next_word(text), "");
    EXPECT_EQ(next_word(text), "");
}

TEST(Text, Utf8CharactersAreMeasured) {
    const auto length = [](std::string_view text) { return utf8_length(text); };
    EXPECT_EQ(length("a"), 1);
    EXPECT_EQ(length(std::string_view("\0", 1)), 1);
    EXPECT_EQ(length("đá"), 2);
    EXPECT_EQ(length("ề"), 3);
    EXPECT_EQ(length("\U0001F600x"), 4);
    EXPECT_EQ(length("\xf4\x8f\xbf\xbf"), 4);  // U+10FFFF
    for (const auto* bad : {"", "\x80", "\xc3", "\xc3x", "\xe1\xbb", "\xf0\x9f\x98", "\xff", "\xf5\x80\x80\x80",
                            "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",  // overlong
                            "\xed\xa0\x80", "\xf4\x90\x80\x80"})             // a surrogate, beyond the last
        EXPECT_EQ(length(bad), 0) << bad;
}

TEST(Text, WhatIsNotUtf8IsReplaced) {
    for (const auto* fine : {"", "Trà My", "\U0001F600"}) {
        EXPECT_TRUE(is_utf8(fine));
        EXPECT_EQ(well_formed(fine), fine);
    }
    EXPECT_FALSE(is_utf8("Tr\xe0 My"));
    EXPECT_EQ(well_formed("Tr\xe0 My"), "Tr\uFFFD My");  // Latin-1
    EXPECT_EQ(well_formed("\xff\xfe"), "\uFFFD\uFFFD");
    EXPECT_EQ(well_formed("ề\xe1\xbb"), "ề\uFFFD\uFFFD");
    EXPECT_EQ(well_formed("\xc3"
                          "a"),
              "\uFFFDa");
}

TEST(Text, ATextIsCutBetweenCharacters) {
    EXPECT_EQ(cut("Trà My", 100), "Trà My");
    EXPECT_EQ(cut("Trà My", 8), "Trà My");
    EXPECT_EQ(cut("Trà My", 4), "Trà");
    EXPECT_EQ(cut("Trà My", 3), "Tr") << "the letter has two bytes";
    EXPECT_EQ(cut("ề", 2), "");
    EXPECT_EQ(cut("", 0), "");
}

TEST(Text, NumbersAreTheWholeText) {
    EXPECT_EQ(to_number<int>("-12"), -12);
    EXPECT_EQ(to_number<std::uint16_t>("ff0A", 16), 0xff0a);
    EXPECT_EQ(to_number<double>("0.25"), 0.25);
    for (const auto* bad : {"", " 1", "1 ", "+1", "1x", "x", "99999999999999999999"})
        EXPECT_FALSE(to_number<std::int64_t>(bad).has_value()) << bad;
    EXPECT_FALSE(to_number<std::uint8_t>("256").has_value());
    EXPECT_FALSE(to_number<std::uint8_t>("-1").has_value());
    EXPECT_FALSE(to_number<double>("0.5s").has_value());
}

}  // namespace
}  // namespace vg
