// docs/rules.md and the code say the same.
#include "rules/views.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace vg::rules {
namespace {

TEST(Docs, TheViewsAreThoseOfTheCode) {
    std::ifstream in(VONGGAC_SOURCE_DIR "/docs/rules.md");
    std::ostringstream text;
    text << in.rdbuf();
    const auto doc = text.str();
    const auto begin = doc.find('\n', doc.find("<!-- views: begin")) + 1;
    const auto end = doc.find("<!-- views: end -->");
    ASSERT_NE(end, std::string::npos);
    EXPECT_EQ(doc.substr(begin, end - begin), views_markdown()) << "run: build/dev/bin/print_views docs/rules.md";
}

TEST(Views, NoNameStandsTwice) {
    for (const auto kind : all_kinds) {
        std::set<std::string_view> names;
        for (const auto& column : view(kind)) {
            EXPECT_TRUE(names.insert(column.name).second) << wire::to_string(kind) << '.' << column.name;
            EXPECT_FALSE(column.vi.empty()) << column.name;
            EXPECT_FALSE(column.en.empty()) << column.name;
        }
    }
}

}  // namespace
}  // namespace vg::rules
