#include "probes/probe.hpp"
#include "tests/probes/registry_doc.hpp"
#include "wire/fact_table.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace vg::probes {
namespace {

TEST(Registry, EveryRowIsWhole) {
    std::set<std::string_view> names;
    for (const auto& kind : kinds()) {
        EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
        EXPECT_FALSE(kind.vi.empty() || kind.en.empty()) << kind.name;
        EXPECT_NE(kind.make_probe == nullptr, kind.make_watcher == nullptr) << kind.name;
        EXPECT_EQ(find_kind(kind.name), &kind);
        std::set<std::string_view> keys{"id", "probe", "target", "every", "timeout", "service"};
        for (const auto& option : kind.options) {
            EXPECT_TRUE(keys.insert(option.key).second) << option.key;
            EXPECT_FALSE(option.form.empty() || option.fallback.empty()) << kind.name << "." << option.key;
            EXPECT_FALSE(option.vi.empty() || option.en.empty()) << kind.name << "." << option.key;
        }
        for (const auto& metric : kind.metrics)
            EXPECT_FALSE(metric.unit.empty() || metric.vi.empty() || metric.en.empty()) << metric.name;
    }
    EXPECT_EQ(find_kind("nonsense"), nullptr);
}

TEST(Registry, ThePagesOfTheDocsAgreeWithIt) {
    std::ifstream in(VONGGAC_SOURCE_DIR "/docs/probes.md");
    std::ostringstream text;
    text << in.rdbuf();
    EXPECT_TRUE(text.str() == testing::registry_doc())
        << "docs/probes.md is old: build/dev/bin/write_probes_doc > docs/probes.md";
}

}  // namespace
}  // namespace vg::probes
