// What a person decides about devices over HTTP, from the page's request to what stays of it: the record, the
// register's new version, the log and the history.
#include "collector/api/render.hpp"
#include "collector/inventory/inventory.hpp"
#include "tests/collector/watcher.hpp"

#include <gmock/gmock.h>

#include <set>

namespace vg::collector {
namespace {

namespace json = boost::json;
using wire::SubjectKind;

const std::string printer = "00:1b:21:00:00:99", camera = "00:1b:21:00:00:77", phone = "00:1b:21:00:00:66",
                  card = "00:1b:21:00:00:01", other_card = "00:1b:21:00:00:02";

class Decisions : public testing::Test {
protected:
    static void SetUpTestSuite() {
        house_ = std::make_unique<ApiHouse>();
        watcher_ = std::make_unique<Watcher>(*house_);
    }
    static void TearDownTestSuite() {
        watcher_.reset();
        house_.reset();
    }
    static std::string path(const std::string& mac) { return "/api/v1/devices/TM01%2Fmac%3A" + mac; }
    static json::object get(const std::string& where) {
        const auto answer = house_->call("GET", where, house_->as("auditor"));
        EXPECT_EQ(answer.status, 200) << where << ' ' << answer.body;
        return answer.json();
    }
    static HttpAnswer post(const std::string& user, const std::string& where, const json::value& body) {
        return house_->call("POST", where, house_->as(user), json::serialize(body));
    }
    // Only operators decide, and only from their own page; whoever may not has changed nothing.
    static void expect_refusals(const std::string& where, const json::value& body) {
        const auto versions = get("/api/v1/register/versions").at("total");
        const auto log = house_->on_pipeline([](Pipeline& p) { return p.inventory().log().size(); });
        const auto text = json::serialize(body);
        EXPECT_EQ(house_->call("POST", where, {}, text).status, 401);
        EXPECT_EQ(house_->call("POST", where, house_->as("auditor"), text).status, 403);
        EXPECT_EQ(house_->call("POST", where, house_->as("officer"), text).status, 403);
        EXPECT_EQ(house_->call("POST", where, {house_->as("operator").front()}, text).status, 403) << "no X-CSRF";
        EXPECT_EQ(get("/api/v1/register/versions").at("total"), versions);
        EXPECT_EQ(house_->on_pipeline([](Pipeline& p) { return p.inventory().log().size(); }), log);
    }
    static std::set<std::string> witnesses(const json::object& detail) {
        std::set<std::string> out;
        for (const auto& one : detail.at("witnesses").as_array()) out.emplace(one.at("id").as_string());
        return out;
    }
    // The newest that a person did: what follows from it, the collector writes down itself.
    static void expect_logged(const json::object& detail, const char* what, const char* note) {
        for (const auto& entry : detail.at("log").as_array()) {
            if (entry.at("who").as_string().empty()) continue;
            EXPECT_EQ(entry.at("what").as_string(), what);
            EXPECT_EQ(entry.at("who").as_string(), "operator");
            EXPECT_EQ(entry.at("note").as_string(), note);
            return;
        }
        ADD_FAILURE() << "nobody did anything: " << json::serialize(detail.at("log"));
    }

    static inline std::unique_ptr<ApiHouse> house_;
    static inline std::unique_ptr<Watcher> watcher_;
};

TEST_F(Decisions, an_adopted_stranger_stands_in_the_register) {
    watcher_->on_lan(printer, "10.20.0.99");
    const auto stranger = get(path(printer));
    EXPECT_EQ(stranger.at("registered"), false);
    EXPECT_TRUE(stranger.at("register").is_null());
    const json::object body{
        {"action", "adopt"}, {"name", "Máy in một cửa"}, {"kind", "printer"}, {"note", "mua tháng 10"}};
    expect_refusals(path(printer) + "/triage", body);

    const auto before = get("/api/v1/register/versions").at("total").as_int64();
    const auto adopted = post("operator", path(printer) + "/triage", body);
    ASSERT_EQ(adopted.status, 200) << adopted.body;
    const auto item = adopted.json();
    EXPECT_EQ(item.at("name").as_string(), "Máy in một cửa");
    EXPECT_EQ(item.at("kind").as_string(), "printer");
    EXPECT_EQ(item.at("registered"), true);
    EXPECT_EQ(item.at("triage").as_string(), "adopted");
    EXPECT_EQ(item.at("facts").at("triage").as_string(), "adopted") << "the rules see it, too";

    const auto detail = get(path(printer));
    EXPECT_EQ(detail.at("register").at("ip").as_string(), "10.20.0.99");
    EXPECT_EQ(detail.at("register").at("mac").as_string(), printer);
    expect_logged(detail, "adopt", "mua tháng 10");
    EXPECT_EQ(witnesses(detail), (std::set<std::string>{"TM01/mac:" + printer, "TM01/name:Máy in một cửa"}));

    const auto versions = get("/api/v1/register/versions");
    ASSERT_EQ(versions.at("total").as_int64(), before + 1);
    const auto& newest = versions.at("items").at(0);
    EXPECT_EQ(newest.at("who").as_string(), "operator");
    EXPECT_EQ(newest.at("why").as_string(), "adopt TM01/Máy in một cửa: mua tháng 10");
    const auto text = house_->call("GET", "/api/v1/register/versions/" + std::string(newest.at("version").as_string()),
                                   house_->as("auditor"));
    EXPECT_THAT(text.body, testing::HasSubstr("Máy in một cửa"));
    EXPECT_THAT(text.body, testing::HasSubstr("pc-one-stop-1")) << "and all that stood there before";
    EXPECT_EQ(get("/api/v1/devices?site=TM01&registered=yes&q=may%20in%20mot%20cua").at("total").as_int64(), 1);
    EXPECT_EQ(post("operator", path(printer) + "/triage", body).status, 409) << "once is enough";
}

TEST_F(Decisions, a_gap_calls_its_device_by_the_name_on_the_list_of_devices) {
    const auto device = get("/api/v1/devices/TM01%2Fhost%3Aa1");
    const auto named = house_->on_pipeline([](Pipeline& pipeline) {
        rules::Gap gap;
        gap.key = {"S15", {SubjectKind::device, "TM01/host:a1"}, ""};
        return std::string(api::gap_item(pipeline, gap).at("subject").at("name").as_string());
    });
    EXPECT_EQ(named, "pc-van-thu");
    EXPECT_EQ(device.at("name").as_string(), named);
}

TEST_F(Decisions, an_event_calls_its_device_by_what_is_known_of_it_and_is_found_by_that) {
    watcher_->on_lan(phone, "10.20.0.66");
    watcher_->happened("mac:" + phone, "lan.new_host");
    const auto device = get(path(phone));
    const auto events = get("/api/v1/events?kind=lan.new_host&q=10.20.0.66").at("items").as_array();
    ASSERT_EQ(events.size(), 1U);
    const auto& subject = events.front().at("subject").as_object();
    EXPECT_EQ(subject.at("id"), device.at("id"));
    EXPECT_EQ(subject.at("name").as_string(), "10.20.0.66") << "it has no other name";
}

TEST_F(Decisions, ignore_flag_and_clear_follow_each_other_in_the_log) {
    watcher_->on_lan(phone, "10.20.0.66");
    const auto unknown = [] { return get("/api/v1/devices?site=TM01&state=unknown&q=" + phone).at("total"); };
    EXPECT_EQ(unknown(), 1);
    expect_refusals(path(phone) + "/triage", json::object{{"action", "ignore"}});
    struct Step {
        const char *action, *triage, *note;
        int unknown;
    };
    for (const auto& [action, triage, note, left] :
         {Step{"ignore", "ignored", "điện thoại của khách", 0}, Step{"flag", "flagged", "lại thấy", 0},
          Step{"clear", "", "nhầm", 1}}) {
        const auto done = post("operator", path(phone) + "/triage", json::object{{"action", action}, {"note", note}});
        ASSERT_EQ(done.status, 200) << done.body;
        EXPECT_EQ(done.json().at("triage").as_string(), triage);
        EXPECT_EQ(unknown(), left) << action;
        expect_logged(get(path(phone)), action, note);
    }
    EXPECT_EQ(get(path(phone)).at("log").as_array().size(), 3U);
    EXPECT_EQ(get("/api/v1/stocktake?site=TM01&verdict=unknown&q=" + phone).at("total").as_int64(), 1);
}

TEST_F(Decisions, devices_are_merged_and_split_again) {
    watcher_->on_lan(card, "10.20.0.31");
    watcher_->on_lan(other_card, "10.20.0.32");
    const std::string one = "TM01/mac:" + card, other = "TM01/mac:" + other_card;
    const json::object merge{{"ids", json::array{one, other}}, {"note", "một máy hai card"}};
    expect_refusals("/api/v1/devices/merge", merge);
    const auto merged = post("operator", "/api/v1/devices/merge", merge);
    ASSERT_EQ(merged.status, 200) << merged.body;
    EXPECT_EQ(merged.json().at("id").as_string(), one);
    const auto whole = get(path(card));
    EXPECT_EQ(witnesses(whole), (std::set<std::string>{one, other}));
    expect_logged(whole, "merge", "một máy hai card");
    EXPECT_EQ(get(path(other_card)).at("id").as_string(), one) << "the old address leads to the record";
    const auto found = get("/api/v1/devices?site=TM01&q=10.20.0.3").at("items").as_array();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].at("id").as_string(), one);

    const json::object split{{"witnesses", json::array{other}}, {"note", "hai máy"}};
    expect_refusals(path(card) + "/split", split);
    const auto parted = post("operator", path(card) + "/split", split);
    ASSERT_EQ(parted.status, 200) << parted.body;
    EXPECT_EQ(parted.json().at("id").as_string(), one);
    EXPECT_EQ(witnesses(get(path(card))), (std::set<std::string>{one}));
    const auto again = get(path(other_card));
    EXPECT_EQ(again.at("id").as_string(), other);
    expect_logged(again, "split", "hai máy");
    // What each told stays its own, and more of the same does not bring them together.
    watcher_->on_lan(other_card, "10.20.0.31");
    EXPECT_EQ(get(path(other_card)).at("id").as_string(), other);
}

TEST_F(Decisions, the_history_tells_what_changed_and_who_saw_it) {
    watcher_->on_lan(camera, "10.20.0.77");
    watcher_->tell("mac:" + camera, {{"ip", std::string("10.20.5.7")}});
    const auto history = get(path(camera) + "/history");
    const json::value* address = nullptr;
    for (const auto& change : history.at("items").as_array())
        if (change.at("name") == "ip") address = &change;
    ASSERT_NE(address, nullptr) << json::serialize(history);
    EXPECT_EQ(address->at("from").as_string(), "10.20.0.77");
    EXPECT_EQ(address->at("to").as_string(), "10.20.5.7");
    EXPECT_EQ(address->at("witness").as_string(), "TM01/mac:" + camera);
}

}  // namespace
}  // namespace vg::collector
