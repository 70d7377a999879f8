// What stands behind the question mark: every path takes what openapi.yaml says and refuses the rest in words.
#include "collector/api/coded.hpp"
#include "collector/api/parameters.hpp"
#include "tests/collector/watcher.hpp"

#include "base/yaml.hpp"

#include <gmock/gmock.h>

#include <set>

namespace vg::collector {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

class Queries : public testing::Test {
protected:
    static void SetUpTestSuite() {
        house_ = std::make_unique<ApiHouse>();
        watcher_ = std::make_unique<Watcher>(*house_);
        house_->on_pipeline([](Pipeline& pipeline) {
            SeriesInfo series;
            series.agent = "a1";
            series.site = "TM01";
            series.epoch = 7;
            series.name = {"icmp.loss", "hop", "%"};
            Commit commit;
            commit.series.push_back(std::move(series));
            EXPECT_TRUE(pipeline.store().commit(commit));
            return true;
        });
        Problems problems;
        openapi_ = yaml::parse(api::openapi_yaml(), "openapi.yaml", problems).at(0);
        EXPECT_EQ(problems.text(), "");
    }
    static void TearDownTestSuite() {
        watcher_.reset();
        house_.reset();
    }
    static HttpAnswer get(const std::string& path, const std::string& user = "administrator") {
        return house_->call("GET", "/api/v1" + path, house_->as(user));
    }
    static std::int64_t total(const std::string& path) {
        const auto answer = get(path);
        EXPECT_EQ(answer.status, 200) << path << answer.body;
        return answer.status == 200 ? answer.json().at("total").as_int64() : -1;
    }
    // Answered with 400 and a sentence in each language that holds these words.
    static void expect_refused(const std::string& path, const std::vector<std::string>& words,
                               const std::string& user = "administrator") {
        const auto answer = get(path, user);
        ASSERT_EQ(answer.status, 400) << path << ' ' << answer.body;
        const auto error = answer.json().at("error").as_object();
        EXPECT_EQ(error.at("code").as_string(), "bad_query");
        const std::string vi(error.at("message").at("vi").as_string()), en(error.at("message").at("en").as_string());
        EXPECT_NE(vi, en);
        for (const auto& word : words) {
            EXPECT_THAT(vi, HasSubstr(word)) << path;
            EXPECT_THAT(en, HasSubstr(word)) << path;
        }
    }
    // A path of this route that is there, with what the route cannot do without.
    static std::string path_of(const api::Route& route) {
        std::string path(route.path);
        const auto fill = [&](std::string_view brace, std::string_view value) {
            if (const auto at = path.find(brace); at != std::string::npos) path.replace(at, brace.size(), value);
        };
        if (path.starts_with("/sites/")) fill("{id}", "TD01");
        if (path.starts_with("/devices/")) fill("{id}", "TM01%2Fmac%3A52%3A54%3A00%3A4d%3A00%3A01");
        fill("{id}", "4711");
        fill("{name}", "software");
        fill("{version}", "1-00000000");
        return path + (route.path == "/facts" ? "?kind=site&id=TD01&" : "?");
    }
    // A parameter of the description, or what its reference leads to.
    static const yaml::Node& whole(const yaml::Node& parameter) {
        const auto* ref = parameter.find("$ref");
        if (ref == nullptr) return parameter;
        return *openapi_.find("components")->find("parameters")->find(ref->scalar.substr(ref->scalar.rfind('/') + 1));
    }

    static inline std::unique_ptr<ApiHouse> house_;
    static inline std::unique_ptr<Watcher> watcher_;
    static inline yaml::Node openapi_;
};

TEST_F(Queries, the_openapi_file_names_every_parameter_with_what_it_takes) {
    for (const auto& route : api::routes()) {
        std::map<std::string, std::set<std::string>> described, taken;
        if (const auto* list = openapi_.find("paths")->find(route.path)->find(lower(route.method))->find("parameters"))
            for (const auto& item : list->items) {
                const auto& parameter = whole(item);
                if (parameter.find("in")->scalar != "query") continue;
                auto& words = described[parameter.find("name")->scalar];
                if (const auto* choices = parameter.find("schema")->find("enum"))
                    for (const auto& one : choices->items) words.insert(one.scalar);
            }
        for (const auto& parameter : api::parameters(route)) {
            auto& words = taken[std::string(parameter.name)];
            if (parameter.takes == api::Takes::word) words.insert(parameter.words.begin(), parameter.words.end());
        }
        EXPECT_EQ(described, taken) << route.method << ' ' << route.path;
    }
}

TEST_F(Queries, what_a_path_does_not_take_is_named_with_what_it_does) {
    for (const auto& route : api::routes()) {
        if (route.method != "GET" || route.special != api::Special::none) continue;
        expect_refused(path_of(route) + "sate=open", {"sate"});
        for (const auto& parameter : api::parameters(route)) {
            const std::string name(parameter.name);
            if (parameter.takes == api::Takes::text) continue;
            const auto last = parameter.words.empty() ? std::string() : std::string(parameter.words.back());
            expect_refused(path_of(route) + name + "=no-such", {"'" + name + "'", "'no-such'", last});
        }
    }
    expect_refused("/gaps?stat=open", {"'stat'", "'state'"});
    expect_refused("/status?x=1", {"'x'"});
}

TEST_F(Queries, kinds_of_events_are_those_that_are_known) {
    EXPECT_EQ(total("/events?kind=snmp.trap"), 0) << "known, though none was recorded";
    expect_refused("/events?kind=router", {"'kind'", "'router'"});
    expect_refused("/events?kind=login.faild", {"'login.faild'"});
    watcher_->happened("mac:52:54:00:4d:00:01", "site.own_kind");
    EXPECT_EQ(total("/events?kind=site.own_kind"), 1) << "whatever was recorded can be asked for";
    EXPECT_EQ(total("/series?metric=icmp.loss&target=hop"), 1);
    EXPECT_EQ(total("/series?metric=icmp.los"), 0) << "what nobody measures yet is no mistake";
}

TEST_F(Queries, numbers_have_their_bounds) {
    for (const char* limit : {"-1", "ten", "1e3", "10001", "99999999999999999999", "%205"})
        expect_refused(std::string("/devices?limit=") + limit, {"'limit'", "10000"});
    expect_refused("/devices?format=csv&limit=100001", {"'limit'", "100000"});
    expect_refused("/devices?offset=-1", {"'offset'"});
    expect_refused("/series/1/data?max_points=0", {"'max_points'"});
    expect_refused("/series/1/data?max_points=2026-11-22", {"'max_points'"});
    EXPECT_EQ(get("/devices?limit=0").json().at("items").as_array().size(), 0U);
    EXPECT_EQ(get("/devices?limit=10000&offset=1000000").json().at("items").as_array().size(), 0U);
    EXPECT_EQ(get("/devices?format=csv&limit=100000").status, 200);
    EXPECT_EQ(get("/gaps/2026-11-22").status, 404) << "an id is a number";
}

TEST_F(Queries, times_are_whole_and_in_their_order) {
    expect_refused("/events?since=yesterday", {"'since'", "'yesterday'"});
    expect_refused("/gaps?since=2026-13-01", {"'since'"});
    expect_refused("/sites/TD01/timeline?from=2026-11-22T08:00:00Z&to=2026-11-22T07:00:00Z", {"'from'", "'to'"});
    EXPECT_EQ(get("/sites/TD01/timeline?from=2026-11-22T08:00:00%2B07:00&to=2026-11-22T02:00:00Z").status, 200);
    EXPECT_EQ(get("/sites/TD01/timeline?from=1763798400000&to=1763802000000").status, 200);
}

TEST_F(Queries, what_has_left_the_register_is_known_as_long_as_something_is_kept) {
    expect_refused("/gaps?site=GONE", {"'site'", "'GONE'"});
    house_->on_pipeline([](Pipeline& pipeline) {
        rules::Gap gap;
        gap.id = 900;
        gap.key = {"C99", {wire::SubjectKind::site, "GONE"}, ""};
        gap.state = rules::GapState::closed;
        gap.since = system_clock().wall() - std::chrono::hours(2);
        gap.opened = gap.since;
        gap.closed = gap.since + std::chrono::hours(1);
        Commit commit;
        commit.gaps.push_back({{gap, rules::GapState::open, false, *gap.closed}, "GONE", ""});
        EXPECT_TRUE(pipeline.store().commit(commit));
        return true;
    });
    EXPECT_EQ(total("/gaps?state=closed&site=GONE"), 1);
    EXPECT_EQ(total("/gaps?state=closed&rule=C99"), 1);
    expect_refused("/gaps?rule=C98", {"'rule'", "'C98'"});
}

TEST_F(Queries, an_officer_is_told_of_no_other_site) {
    for (const char* path : {"/gaps?site=", "/events?site=", "/devices?site=", "/topology?site=", "/stocktake?site="}) {
        expect_refused(path + std::string("TM01"), {"'TM01'"}, "officer");
        expect_refused(path + std::string("NONE"), {"'NONE'"}, "officer");
        EXPECT_EQ(get(path + std::string("TD01"), "officer").status, 200) << path;
    }
    expect_refused("/events?agent=a1", {"'a1'"}, "officer");
    EXPECT_EQ(get("/events?agent=a1").status, 200);
}

TEST_F(Queries, a_value_is_told_as_text_whatever_its_bytes) {
    expect_refused("/devices?state=%7F%0Aabc%22", {"'??abc\"'"});
    expect_refused("/devices?state=" + std::string(500, 'x'), {std::string(80, 'x') + "'"});
}

TEST_F(Queries, a_parameter_without_a_value_is_one_left_out) {
    EXPECT_EQ(total("/devices?site=&unit=&kind=&state=&registered=&sort=&q=&limit=&format=&lang="), total("/devices"));
    EXPECT_EQ(total("/gaps?state=&site=&rule=&severity=&since=&acknowledged="), total("/gaps"));
    expect_refused("/facts?kind=site&id=", {"'id'"});
    expect_refused("/facts?id=TD01", {"'kind'", "device"});
}

TEST_F(Queries, devices_say_by_what_they_are_known) {
    watcher_->on_lan("00:1b:21:00:00:99", "10.20.0.99");
    const auto one = [](const std::string& query) {
        const auto found = get("/devices?" + query).json();
        EXPECT_EQ(found.at("total").as_int64(), 1) << query << json::serialize(found);
        return found.at("items").at(0).as_object();
    };
    const auto router = one("q=router&site=TM01");
    EXPECT_EQ(router.at("registered"), true);
    EXPECT_EQ(router.at("known_by").as_string(), "register");
    const auto machine = one("known_by=agent");
    EXPECT_EQ(machine.at("id").as_string(), "TM01/host:a1");
    EXPECT_EQ(machine.at("registered"), false) << "no row of the register, though it is no stranger";
    const auto stranger = one("q=00:1b:21:00:00:99");
    EXPECT_EQ(stranger.at("registered"), false);
    EXPECT_TRUE(stranger.at("known_by").is_null());
    EXPECT_EQ(one("state=unknown&site=TM01").at("id"), stranger.at("id"));
    const auto all = total("/devices");
    EXPECT_EQ(total("/devices?registered=yes") + total("/devices?registered=no"), all);
    EXPECT_EQ(
        total("/devices?known_by=register") + total("/devices?known_by=agent") + total("/devices?known_by=nobody"),
        all);
    EXPECT_EQ(total("/devices?triage=none"), all);
}

TEST_F(Queries, devices_stand_in_any_order_page_by_page) {
    const auto taken = api::parameters(*api::match("GET", "/devices").route);
    const auto sort = std::find_if(taken.begin(), taken.end(), [](const auto& one) { return one.name == "sort"; });
    ASSERT_NE(sort, taken.end());
    for (const auto column : sort->words) {
        for (const std::string sign : {"", "-"}) {
            const auto query = "/devices?sort=" + sign + std::string(column);
            const auto whole = get(query).json().at("items").as_array();
            ASSERT_GE(whole.size(), 4U);
            json::array pages;
            for (std::size_t i = 0; i < whole.size(); i += 3)
                for (const auto page = get(query + "&limit=3&offset=" + std::to_string(i)).json();
                     const auto& item : page.at("items").as_array())
                    pages.push_back(item.at("id"));
            json::array ids;
            for (const auto& item : whole) ids.push_back(item.at("id"));
            EXPECT_EQ(pages, ids) << query;
        }
    }
}

TEST_F(Queries, the_gaps_of_a_site_and_of_a_device_hold_what_waits_to_be_confirmed) {
    watcher_->tell("host", {{"firewall_on", false}});
    const auto site = get("/sites/TM01").json();
    const json::object* waiting = nullptr;
    for (const auto& gap : site.at("gaps").as_array())
        if (gap.at("rule") == "S13") waiting = &gap.as_object();
    ASSERT_NE(waiting, nullptr) << json::serialize(site.at("gaps"));
    EXPECT_EQ(waiting->at("state").as_string(), "pending");
    const auto since = api::parse_time(waiting->at("since").as_string()),
               opens = api::parse_time(waiting->at("opens").as_string());
    ASSERT_TRUE(since && opens);
    EXPECT_EQ(*opens - *since, std::chrono::minutes(15));
    EXPECT_GE(total("/gaps?state=pending&site=TM01"), 1);
    const auto device = get("/devices/TM01%2Fhost%3Aa1").json();
    EXPECT_EQ(device.at("gaps").as_array().size(), 1U) << json::serialize(device.at("gaps"));
    EXPECT_EQ(device.at("open_gaps").to_number<int>(), 0) << "it is not told so far";
}

TEST_F(Queries, codes_are_words_in_a_table_of_a_language) {
    const auto machine = get("/devices?format=csv&known_by=agent&lang=vi").body;
    EXPECT_THAT(machine, HasSubstr(",không,Biết qua trạm gác,")) << machine;
    const auto router = get("/devices?format=csv&q=router&site=TM01&lang=en").body;
    EXPECT_THAT(router, HasSubstr(",Router,"));
    EXPECT_THAT(router, HasSubstr(",register,yes,In the register,"));
    EXPECT_THAT(get("/devices?format=csv&q=router&site=TM01").body, HasSubstr(",router,")) << "programs get codes";
    const auto units = get("/units?format=csv&lang=vi").body;
    EXPECT_THAT(units, HasSubstr("20900,Xã Trà My,Xã,Xã,48"));
    const auto stocktake = get("/stocktake?format=csv&site=TM01&lang=vi").body;
    EXPECT_THAT(stocktake, HasSubstr("địa chỉ IP tĩnh")) << stocktake;
    const auto programs = get("/agents?format=csv").body, people = get("/agents?format=csv&lang=vi").body;
    EXPECT_THAT(programs, testing::ContainsRegex("[0-9]T[0-9:.]+Z"));
    EXPECT_THAT(people, testing::ContainsRegex("[0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]\\+07:00"));
    EXPECT_THAT(people, Not(testing::ContainsRegex("[0-9]T[0-9:.]+Z"))) << people;
}

// Every code that the description lists for a column of a table has its words.
TEST_F(Queries, every_code_of_a_table_has_words) {
    const auto& schemas = *openapi_.find("components")->find("schemas");
    const auto resolve = [&](const yaml::Node* node) {
        while (node != nullptr && node->find("$ref") != nullptr) {
            const auto& ref = node->find("$ref")->scalar;
            node = schemas.find(ref.substr(ref.rfind('/') + 1));
        }
        return node;
    };
    const auto property = [&](const yaml::Node* schema, std::string_view column) -> const yaml::Node* {
        while (schema != nullptr) {
            const auto dot = column.find('.');
            const auto* properties = schema->find("properties");
            const auto* found = properties != nullptr ? properties->find(column.substr(0, dot)) : nullptr;
            if (found == nullptr && schema->find("allOf") != nullptr) {
                schema = resolve(&schema->find("allOf")->items.front());
                continue;
            }
            if (dot == std::string_view::npos) return resolve(found);
            column.remove_prefix(dot + 1);
            schema = resolve(found);
        }
        return nullptr;
    };
    std::size_t checked = 0;
    for (const auto& route : api::routes()) {
        if (route.columns.empty()) continue;
        const auto& list = *openapi_.find("paths")->find(route.path)->find("get")->find("responses");
        const auto* schema =
            list.entries.front().second.find("content")->find("application/json")->find("schema")->find("properties");
        const auto* item = resolve(schema->find("items")->find("items"));
        for (const auto column : route.columns) {
            const auto* of = property(item, column);
            if (of != nullptr && of->find("items") != nullptr) of = resolve(of->find("items"));
            const auto* codes = of != nullptr ? of->find("enum") : nullptr;
            if (codes == nullptr) continue;
            for (const auto& code : codes->items) {
                ++checked;
                const bool is_own_name = code.scalar == "snmp";
                EXPECT_EQ(api::words_for(column, code.scalar).has_value(), !is_own_name)
                    << route.path << ' ' << column << ' ' << code.scalar;
            }
        }
    }
    EXPECT_GT(checked, 50U);
}

}  // namespace
}  // namespace vg::collector
