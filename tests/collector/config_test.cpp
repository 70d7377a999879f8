#include "collector/config.hpp"

#include <gmock/gmock.h>

using namespace vg;
using testing::HasSubstr;

TEST(CollectorConfig, TheExampleIsInOrder) {
    Problems problems;
    const auto config = collector::read_config_file(VONGGAC_SOURCE_DIR "/packaging/collector.example.yaml", problems);
    EXPECT_EQ(problems.text(), "");
    EXPECT_EQ(config.port, 443);
    EXPECT_EQ(config.rules_dirs.size(), 2U);
    EXPECT_EQ(config.seen_address(443), "vonggac.example.gov.vn:443");
}

TEST(CollectorConfig, EveryMistakeIsToldAtOnceWithItsPlace) {
    Problems problems;
    (void)collector::read_config("listen: nowhere\nrule_dir: x\nretention: { samples: 1 year }\n", "c.yaml", problems);
    EXPECT_THAT(problems.text(Language::en), HasSubstr("c.yaml:1:9: expected address:port"));
    EXPECT_THAT(problems.text(Language::en),
                HasSubstr("c.yaml:2:1: unknown key 'rule_dir'; did you mean 'rules_dir'?"));
    EXPECT_THAT(problems.text(Language::en), HasSubstr("c.yaml:3:23: expected a duration"));
}
