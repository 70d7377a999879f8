#include "collector/config.hpp"
#include "collector/rule_files.hpp"

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

TEST(CollectorConfig, WithoutANameTheUsualFileIsReadAndItsAbsenceIsAMistake) {
    Problems problems;
    const std::string example = VONGGAC_SOURCE_DIR "/packaging/collector.example.yaml";
    EXPECT_EQ(collector::load_config("", problems, example).names.front(), "vonggac.example.gov.vn");
    EXPECT_TRUE(problems.empty());
    (void)collector::load_config("", problems, example + ".absent");
    EXPECT_THAT(problems.text(Language::en), HasSubstr(".absent: there is no such configuration file; name another"));
    EXPECT_THAT(problems.text(Language::vi), HasSubstr("--config TỆP"));
}

TEST(CollectorConfig, RulesThatCannotBeReadAreToldOnceAndMistakesInsideAreNot) {
    const std::string catalogue = VONGGAC_SOURCE_DIR "/rules/catalogue";
    EXPECT_TRUE(collector::can_read_rules({catalogue}));
    const auto outcome = collector::can_read_rules({catalogue, catalogue + "/absent"});
    ASSERT_FALSE(outcome);
    EXPECT_THAT(outcome.error().message, HasSubstr(catalogue + "/absent;"));
    EXPECT_THAT(told(outcome.error()).vi, HasSubstr("không đọc được quy tắc ở " + catalogue + "/absent;"));
}

TEST(CollectorConfig, EveryMistakeIsToldAtOnceWithItsPlace) {
    Problems problems;
    (void)collector::read_config("listen: nowhere\nrule_dir: x\nretention: { samples: 1 year }\n", "c.yaml", problems);
    EXPECT_THAT(problems.text(Language::en), HasSubstr("c.yaml:1:9: expected address:port"));
    EXPECT_THAT(problems.text(Language::en),
                HasSubstr("c.yaml:2:1: unknown key 'rule_dir'; did you mean 'rules_dir'?"));
    EXPECT_THAT(problems.text(Language::en), HasSubstr("c.yaml:3:23: expected a duration"));
}
