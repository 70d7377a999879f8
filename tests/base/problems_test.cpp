#include "base/problems.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace vg {
namespace {

// A sentence in one language alone is no wording; an empty one, the same twice and a value without its place do not
// compile.
static_assert(!std::is_default_constructible_v<Wording<0>>);
static_assert(!std::is_constructible_v<Wording<0>, const char*>);
static_assert(!std::is_constructible_v<Problem, Place, std::string>);

TEST(Wording, PutsValuesInWhereEachLanguageWantsThem) {
    EXPECT_EQ(say({"thiếu '{}'", "'{}' is missing"}, "id"), (Text{"thiếu 'id'", "'id' is missing"}));
    EXPECT_EQ(say({"{1} của {0}", "{0}'s {1}"}, "site", 7), (Text{"7 của site", "site's 7"}));
    EXPECT_EQ(say({"cần { at: 5m }", "expected { at: 5m }"}), (Text{"cần { at: 5m }", "expected { at: 5m }"}));
}

TEST(Wording, AValueIsNotReadAgain) {
    EXPECT_EQ(say({"không có {} ở {}", "no {} at {}"}, "{1}", "{}"), (Text{"không có {1} ở {}", "no {1} at {}"}));
}

TEST(Wording, WordsInsideWordsKeepTheirLanguage) {
    const auto what = say({"đường truyền '{}'", "uplink '{}'"}, "a");
    EXPECT_EQ(say({"{} ghi hai lần", "{} stands twice"}, what),
              (Text{"đường truyền 'a' ghi hai lần", "uplink 'a' stands twice"}));
}

TEST(Problems, AreToldInOrderOfPlaceAndInBothLanguages) {
    Problems problems;
    problems.add({"r.yaml", 7, 3}, {"không có khóa '{}'{}", "unknown key '{}'{}"}, "nam",
                 did_you_mean("nam", {"name"}));
    problems.add({"r.yaml", 2, 0}, {"thiếu '{}'", "'{}' is missing"}, "id");
    problems.add({"a.yaml", 0, 0}, {"xem {}", "see {}"}, Place{"b.yaml", 4, 1});
    EXPECT_EQ(problems.text(),
              "a.yaml: xem b.yaml:4:1 / see b.yaml:4:1\n"
              "r.yaml:2: thiếu 'id' / 'id' is missing\n"
              "r.yaml:7:3: không có khóa 'nam'; có phải là 'name' không? / unknown key 'nam'; did you mean 'name'?\n");
    EXPECT_EQ(problems.text(Language::vi),
              "a.yaml: xem b.yaml:4:1\nr.yaml:2: thiếu 'id'\n"
              "r.yaml:7:3: không có khóa 'nam'; có phải là 'name' không?\n");
    EXPECT_EQ(problems.text(Language::en),
              "a.yaml: see b.yaml:4:1\nr.yaml:2: 'id' is missing\n"
              "r.yaml:7:3: unknown key 'nam'; did you mean 'name'?\n");
}

TEST(DidYouMean, IsSilentWhenNothingIsNear) {
    EXPECT_EQ(did_you_mean("something_else", {"id", "name"}), Text{});
    EXPECT_EQ(did_you_mean("x", {}), Text{});
}

}  // namespace
}  // namespace vg
