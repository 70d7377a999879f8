// What people ask and decide about devices over HTTP.
#include "tests/collector/api_house.hpp"

#include <gmock/gmock.h>

namespace vg::collector {
namespace {

namespace json = boost::json;

ApiHouse& devices_house() {
    static ApiHouse one;
    return one;
}

const std::string router = "TM01%2Fmac%3A52%3A54%3A00%3A4d%3A00%3A01";

TEST(DevicesApi, a_registered_device_is_found_by_name_and_by_its_card) {
    const auto found =
        devices_house().call("GET", "/api/v1/devices?q=router&site=TM01", devices_house().as("auditor")).json();
    ASSERT_EQ(found.at("total").as_int64(), 1);
    const auto& item = found.at("items").at(0).as_object();
    EXPECT_EQ(item.at("kind").as_string(), "router");
    EXPECT_EQ(item.at("source").as_array(), (json::array{"register"}));
    const auto detail = devices_house().call("GET", "/api/v1/devices/" + router, devices_house().as("auditor")).json();
    EXPECT_EQ(detail.at("id"), item.at("id"));
    EXPECT_EQ(detail.at("register").at("ip").as_string(), "10.20.0.1");
    EXPECT_EQ(devices_house().call("GET", "/api/v1/devices?sort=nonsense", devices_house().as("auditor")).status, 400);
    const auto sorted = devices_house().call("GET", "/api/v1/devices?sort=-name", devices_house().as("auditor")).json();
    EXPECT_GE(sorted.at("items").at(0).at("name").as_string(), sorted.at("items").at(1).at("name").as_string());
}

TEST(DevicesApi, lists_come_as_workbooks) {
    const auto book = devices_house().call("GET", "/api/v1/devices?format=xlsx", devices_house().as("auditor"));
    EXPECT_EQ(book.status, 200);
    EXPECT_THAT(book.body, testing::StartsWith("PK"));
    EXPECT_THAT(book.headers.at("content-disposition"), testing::HasSubstr("devices.xlsx"));
}

TEST(DevicesApi, what_is_decided_is_kept_with_who_and_why) {
    const auto path = "/api/v1/devices/" + router;
    EXPECT_EQ(
        devices_house().call("POST", path + "/triage", devices_house().as("operator"), R"({"action":"burn"})").status,
        422);
    EXPECT_EQ(
        devices_house().call("POST", path + "/triage", devices_house().as("operator"), R"({"action":"adopt"})").status,
        409)
        << "it is in the register already";
    const auto flagged = devices_house().call("POST", path + "/triage", devices_house().as("operator"),
                                              R"({"action":"flag","note":"xem lại"})");
    ASSERT_EQ(flagged.status, 200) << flagged.body;
    EXPECT_EQ(flagged.json().at("triage").as_string(), "flagged");
    const auto detail = devices_house().call("GET", path, devices_house().as("auditor")).json();
    EXPECT_EQ(detail.at("log").at(0).at("what").as_string(), "flag");
    EXPECT_EQ(detail.at("log").at(0).at("who").as_string(), "operator");
    EXPECT_EQ(
        devices_house().call("POST", path + "/split", devices_house().as("operator"), R"({"witnesses":["x"]})").status,
        422);
    EXPECT_EQ(devices_house()
                  .call("POST", "/api/v1/devices/merge", devices_house().as("operator"), R"({"ids":["no/such"]})")
                  .status,
              404);
}

TEST(DevicesApi, a_stocktake_is_shown_and_recorded) {
    const auto shown = devices_house().call("GET", "/api/v1/stocktake?site=TM01", devices_house().as("auditor")).json();
    EXPECT_EQ(shown.at("totals").at("expected").as_int64(), 4);
    EXPECT_EQ(shown.at("total").as_int64(), 4);
    EXPECT_EQ(shown.at("totals").at("missing").as_int64(), 0);
    EXPECT_EQ(shown.at("totals").at("not_known").as_int64(), 4) << "no agent was ever heard there";
    EXPECT_EQ(shown.at("items").at(0).at("verdict").as_string(), "not_known");
    const auto device = devices_house().call("GET", "/api/v1/devices/" + router, devices_house().as("auditor")).json();
    EXPECT_EQ(device.at("state").as_string(), "not_seen");
    EXPECT_EQ(
        devices_house().call("POST", "/api/v1/stocktake", devices_house().as("operator"), R"({"site":"no"})").status,
        404);
    const auto made = devices_house().call("POST", "/api/v1/stocktake", devices_house().as("operator"),
                                           R"({"site":"TM01","note":"đợt 1"})");
    ASSERT_EQ(made.status, 201) << made.body;
    const auto log =
        devices_house().call("GET", "/api/v1/stocktake/log?site=TM01", devices_house().as("auditor")).json();
    ASSERT_EQ(log.at("total").as_int64(), 1);
    EXPECT_EQ(log.at("items").at(0).at("who").as_string(), "operator");
}

TEST(DevicesApi, views_belong_to_who_saved_them) {
    const auto saved =
        devices_house().call("POST", "/api/v1/views", devices_house().as("auditor"),
                             R"({"page":"devices","name":"Máy lạ","query":"state=unknown","columns":["ip"]})");
    ASSERT_EQ(saved.status, 201) << saved.body;
    const auto id = std::string(saved.json().at("id").as_string());
    const auto again = devices_house().call("POST", "/api/v1/views", devices_house().as("auditor"),
                                            R"({"page":"devices","name":"Máy lạ","query":"state=flagged"})");
    EXPECT_EQ(again.json().at("id").as_string(), id) << "a name stands once";
    EXPECT_EQ(devices_house().call("GET", "/api/v1/views", devices_house().as("auditor")).json().at("total").as_int64(),
              1);
    EXPECT_EQ(
        devices_house().call("GET", "/api/v1/views", devices_house().as("operator")).json().at("total").as_int64(), 0);
    EXPECT_EQ(devices_house().call("DELETE", "/api/v1/views/" + id, devices_house().as("operator")).status, 404);
    EXPECT_EQ(devices_house().call("DELETE", "/api/v1/views/" + id, devices_house().as("auditor")).status, 200);
    EXPECT_EQ(
        devices_house().call("POST", "/api/v1/views", devices_house().as("auditor"), R"({"page":"devices"})").status,
        422);
}

TEST(DevicesApi, the_topology_has_the_lines_to_the_outside) {
    const auto made = devices_house().call("GET", "/api/v1/topology?site=TM01", devices_house().as("auditor")).json();
    bool has_line = false;
    for (const auto& link : made.at("links").as_array()) has_line = has_line || link.at("by").at(0) == "uplink";
    EXPECT_TRUE(has_line);
    EXPECT_EQ(devices_house().call("GET", "/api/v1/topology?site=TM01", devices_house().as("officer")).status, 400)
        << "another unit's site";
}

}  // namespace
}  // namespace vg::collector
