// A register brought in over HTTP: what it changes is told, and nobody's site goes by oversight.
#include "tests/collector/watcher.hpp"

#include <gmock/gmock.h>

namespace vg::collector {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

class RegisterImport : public testing::Test {
protected:
    RegisterImport() {
        std::ifstream in(VONGGAC_SOURCE_DIR "/packaging/register.example.yaml");
        std::stringstream text;
        text << in.rdbuf();
        example_ = text.str();
    }
    HttpAnswer bring_in(const std::string& text, const std::string& query = "") {
        return house_.call("POST", "/api/v1/register" + query, house_.as("operator"), text);
    }
    json::value version() {
        return house_.call("GET", "/api/v1/status", house_.as("operator")).json().at("register_version");
    }

    ApiHouse house_;
    std::string example_;
    const std::string only_td01_ = R"(
units:
  - { code: "20920", level: commune, kind: xa, name: Trà Đốc }
sites:
  - { id: TD01, name: Trụ sở UBND xã Trà Đốc, unit: "20920" }
)";
};

TEST_F(RegisterImport, tells_what_it_changes) {
    auto text = example_;
    const std::string line = "{ name: switch, kind: switch,";
    ASSERT_NE(text.find(line), std::string::npos);
    text.replace(text.find(line), line.size(), "{ name: switch-2, kind: switch,");
    const auto done = bring_in(text, "?why=thay%20m%C3%A1y");
    ASSERT_EQ(done.status, 201) << done.body;
    const auto body = done.json();
    EXPECT_EQ(body.at("why").as_string(), "thay máy");
    EXPECT_EQ(body.at("version"), version());
    const auto& changes = body.at("changes").as_object();
    EXPECT_EQ(changes.at("devices"), (json::object{{"added", 1}, {"changed", 0}, {"removed", 1}}));
    EXPECT_EQ(changes.at("sites"), (json::object{{"added", 0}, {"changed", 0}, {"removed", 0}}));
    EXPECT_EQ(changes.at("lost_agents").to_number<int>(), 0);
    EXPECT_THAT(std::string(changes.at("lines").at(2).at("en").as_string()), HasSubstr("1 added"));
}

TEST_F(RegisterImport, asks_before_enrolled_agents_lose_their_site) {
    const Watcher watcher(house_);  // of TM01
    const auto before = version();
    const auto refused = bring_in(only_td01_);
    ASSERT_EQ(refused.status, 409) << refused.body;
    const auto body = refused.json();
    EXPECT_EQ(body.at("error").at("code").as_string(), "agents_lose_site");
    for (const char* language : {"vi", "en"})
        EXPECT_THAT(std::string(body.at("error").at("message").at(language).as_string()),
                    testing::AllOf(HasSubstr("TM01"), HasSubstr("confirm=true")));
    EXPECT_EQ(body.at("changes").at("lost_sites"), (json::array{"TM01"}));
    EXPECT_EQ(version(), before) << "nothing has changed";
    EXPECT_EQ(bring_in(only_td01_, "?confirm=false").status, 409);
    EXPECT_EQ(bring_in(only_td01_, "?confirm=yes").status, 400) << "it is true or false";
    const auto done = bring_in(only_td01_, "?confirm=true");
    ASSERT_EQ(done.status, 201) << done.body;
    EXPECT_EQ(done.json().at("changes").at("lost_agents").to_number<int>(), 1);
    EXPECT_NE(version(), before);
}

}  // namespace
}  // namespace vg::collector
