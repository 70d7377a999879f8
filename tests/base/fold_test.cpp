#include "base/fold.hpp"

#include <gtest/gtest.h>

namespace vg {
namespace {

TEST(Fold, drops_case_and_marks) {
    EXPECT_EQ(folded("Trụ sở UBND Xã ĐẶNG Hoà Ân", Marks::dropped), "tru so ubnd xa dang hoa an");
    EXPECT_EQ(folded("ƯỚT ỡm ờ", Marks::dropped), "uot om o");
    EXPECT_EQ(folded("Zürich №5 日本", Marks::dropped), "zürich №5 日本") << "letters of others stay";
}

TEST(Fold, the_tone_stands_behind_its_word_wherever_it_was_written) {
    EXPECT_EQ(folded("Hòa", Marks::kept), folded("hoà", Marks::kept));
    EXPECT_EQ(folded("thuỷ điện", Marks::kept), folded("Thủy Điện", Marks::kept));
    EXPECT_NE(folded("hóa", Marks::kept), folded("hòa", Marks::kept));
    EXPECT_NE(folded("tân", Marks::kept), folded("tan", Marks::kept));
    EXPECT_NE(folded("đa", Marks::kept), folded("da", Marks::kept));
}

TEST(Fold, marks_that_stand_alone_are_those_of_their_letter) {
    const std::string decomposed = "Tru\u0323 so\u031b\u0309 A\u0302n";
    EXPECT_EQ(folded(decomposed, Marks::dropped), "tru so an");
    EXPECT_EQ(folded(decomposed, Marks::kept), folded("Trụ sở Ân", Marks::kept));
}

TEST(Fold, bytes_that_are_no_text_stay) {
    EXPECT_EQ(folded("a\xff\xe1\xbb", Marks::dropped), "a\xff\xe1\xbb");
    EXPECT_EQ(folded("\xcc\x81", Marks::kept), "'2") << "a mark without a letter";
    EXPECT_EQ(folded("", Marks::kept), "");
}

}  // namespace
}  // namespace vg
