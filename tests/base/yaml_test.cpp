#include "base/yaml.hpp"

#include <gmock/gmock.h>

using namespace vg;
using testing::HasSubstr;

TEST(Yaml, KeepsOrderQuotesAndPlaces) {
    Problems problems;
    const auto documents = yaml::parse("b: '5'\na:\n  - 7\n  - ~\n", "f.yaml", problems);
    ASSERT_TRUE(problems.empty()) << problems.text();
    ASSERT_EQ(documents.size(), 1U);
    const auto& root = documents[0];
    EXPECT_EQ(root.entries[0].first.scalar, "b");
    EXPECT_TRUE(root.find("b")->quoted);
    EXPECT_EQ(root.find("a")->items[0].place.line, 3);
    EXPECT_EQ(root.find("a")->items[0].place.column, 5);
    EXPECT_EQ(root.find("a")->items[1].kind, yaml::Kind::null);
}

TEST(Yaml, ColumnsAreThoseOfCharacters) {
    Problems problems;
    const auto documents = yaml::parse("\xEF\xBB\xBFtên: { xã: Trà My, số: 5 }\nđịa chỉ: x\n", "f.yaml", problems);
    ASSERT_TRUE(problems.empty()) << problems.text();
    const auto& inner = documents.at(0).entries.at(0).second;
    EXPECT_EQ(documents[0].entries[0].first.place.column, 1);
    EXPECT_EQ(inner.place.column, 6);
    EXPECT_EQ(inner.find("xã")->place.column, 12);
    EXPECT_EQ(inner.find("số")->place.column, 24);
    EXPECT_EQ(documents[0].entries[1].second.place.column, 10);
    EXPECT_TRUE(yaml::parse("ở đây: [thiếu\n", "f.yaml", problems).empty());
    EXPECT_FALSE(problems.empty());
}

TEST(Yaml, NamesThePlaceOfASyntaxError) {
    Problems problems;
    EXPECT_TRUE(yaml::parse("a: [1, 2\nb: 3\n", "f.yaml", problems).empty());
    EXPECT_THAT(problems.text(Language::en), HasSubstr("f.yaml:2:"));
}

TEST(Yaml, RefusesDuplicateKeysAliasesAndDepth) {
    Problems problems;
    (void)yaml::parse("a: 1\na: 2\n", "f", problems);
    EXPECT_THAT(problems.text(Language::en), HasSubstr("f:2:1: the key 'a' stands twice (first at line 1)"));
    Problems alias;
    (void)yaml::parse("a: &x 1\nb: *x\n", "f", alias);
    EXPECT_THAT(alias.text(Language::en), HasSubstr("f:2:4: aliases"));
    Problems deep;
    EXPECT_TRUE(yaml::parse(std::string(60, '['), "f", deep).empty());
    EXPECT_THAT(deep.text(Language::en), HasSubstr("32 levels"));
}

TEST(Yaml, TypedReadsSayWhatTheyWanted) {
    Problems problems;
    const auto root = yaml::parse("n: 70000\nd: 5 minutes\nok: 3m\n", "f", problems)[0];
    EXPECT_FALSE(yaml::as_int(*root.find("n"), 1, 65535, problems));
    EXPECT_FALSE(yaml::as_duration_ms(*root.find("d"), problems));
    EXPECT_EQ(yaml::as_duration_ms(*root.find("ok"), problems), 180'000);
    EXPECT_THAT(problems.text(Language::en), HasSubstr("f:1:4: expected a whole number from 1 to 65535"));
    EXPECT_THAT(problems.text(Language::en), HasSubstr("f:2:4: expected a duration"));
}

TEST(Yaml, SuggestsTheNearestKey) {
    Problems problems;
    const auto root = yaml::parse("colector: x\n", "f", problems)[0];
    yaml::refuse_unknown_keys(root, {"collector", "site"}, problems);
    EXPECT_EQ(problems.text(Language::en), "f:1:1: unknown key 'colector'; did you mean 'collector'?\n");
}
