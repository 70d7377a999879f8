#include "base/text.hpp"
#include "base/utf8.hpp"
#include "collector/api/coded.hpp"
#include "collector/api/csv.hpp"
#include "collector/api/headings.hpp"
#include "collector/api/response.hpp"
#include "collector/api/routes.hpp"
#include "collector/api/search.hpp"
#include "tests/collector/api_house.hpp"

#include <gmock/gmock.h>

namespace vg::collector {
namespace {

using testing::HasSubstr;
using testing::Not;
namespace json = boost::json;

const std::vector<std::string> roles{"administrator", "operator", "officer", "auditor"};

ApiHouse& house() {
    static ApiHouse one;
    return one;
}

yaml::Node openapi() {
    Problems problems;
    auto documents = yaml::parse(api::openapi_yaml(), "openapi.yaml", problems);
    EXPECT_EQ(problems.text(), "");
    return documents.at(0);
}

// Holds a value against a schema of the file: required properties and types, as deep as it goes.
class Validator {
public:
    explicit Validator(const yaml::Node& document) : schemas_(*document.find("components")->find("schemas")) {}

    void check(const json::value& value, const yaml::Node& schema, const std::string& at) {
        if (const auto* ref = schema.find("$ref")) {
            const auto* target = schemas_.find(ref->scalar.substr(ref->scalar.rfind('/') + 1));
            ASSERT_NE(target, nullptr) << ref->scalar;
            return check(value, *target, at);
        }
        if (const auto* all = schema.find("allOf"))
            for (const auto& one : all->items) check(value, one, at);
        if (const auto* type = schema.find("type")) check_type(value, *type, at);
        if (const auto* choices = schema.find("enum")) {
            bool known = false;
            for (const auto& one : choices->items) known = known || value.as_string() == one.scalar;
            EXPECT_TRUE(known) << at << ": " << value;
        }
        if (value.is_object()) check_object(value.get_object(), schema, at);
        if (const auto* items = schema.find("items"); items != nullptr && value.is_array())
            for (const auto& one : value.get_array()) check(one, *items, at + "[]");
    }

private:
    static bool is_a(const json::value& value, std::string_view type) {
        if (type == "string") return value.is_string();
        if (type == "integer") return value.is_int64() || value.is_uint64();
        if (type == "number") return value.is_number();
        if (type == "boolean") return value.is_bool();
        if (type == "array") return value.is_array();
        if (type == "object") return value.is_object();
        return type == "null" && value.is_null();
    }
    static void check_type(const json::value& value, const yaml::Node& type, const std::string& at) {
        bool good = type.kind == yaml::Kind::scalar && is_a(value, type.scalar);
        for (const auto& one : type.items) good = good || is_a(value, one.scalar);
        EXPECT_TRUE(good) << at << ": " << value;
    }
    void check_object(const json::object& object, const yaml::Node& schema, const std::string& at) {
        if (const auto* required = schema.find("required")) {
            for (const auto& name : required->items)
                EXPECT_TRUE(object.contains(name.scalar)) << at << "." << name.scalar;
        }
        if (const auto* properties = schema.find("properties"))
            for (const auto& [name, inner] : properties->entries)
                if (const auto* value = object.if_contains(name.scalar)) check(*value, inner, at + "." + name.scalar);
    }
    const yaml::Node& schemas_;
};

TEST(OpenApi, names_every_route_and_no_other_with_its_roles) {
    const auto document = openapi();
    std::size_t described = 0;
    for (const auto& [path, methods] : document.find("paths")->entries) described += methods.entries.size();
    EXPECT_EQ(described, api::routes().size());
    for (const auto& route : api::routes()) {
        const auto* path = document.find("paths")->find(route.path);
        ASSERT_NE(path, nullptr) << route.path;
        const auto* method = path->find(lower(route.method));
        ASSERT_NE(method, nullptr) << route.method << ' ' << route.path;
        const bool is_open = method->find("security") != nullptr;
        for (const auto& name : roles) {
            bool listed = false;
            for (const auto& one : method->find("x-roles")->items) listed = listed || one.scalar == name;
            if (!is_open) {
                EXPECT_EQ(listed, auth::contains(route.roles, *auth::parse_role(name))) << route.path << ' ' << name;
            }
        }
        const bool is_list =
            method->find("responses")->entries.front().second.find("content")->find("text/csv") != nullptr;
        EXPECT_EQ(is_list, !route.columns.empty()) << route.path;
    }
}

// A request for every route that finds what it asks for; "" where the answer depends on what other tests did.
std::string path_for(const api::Route& route) {
    std::string path(route.path);
    const auto fill = [&](std::string_view brace, std::string_view value) {
        if (const auto at = path.find(brace); at != std::string::npos) path.replace(at, brace.size(), value);
    };
    if (path.starts_with("/sites/")) fill("{id}", "TD01");
    if (path.starts_with("/devices/")) fill("{id}", "TM01%2Fmac%3A52%3A54%3A00%3A4d%3A00%3A01");
    if (path == "/facts") path += "?kind=site&id=TD01";
    fill("{id}", "4711");
    fill("{name}", "software");
    fill("{version}", "1-00000000");
    fill("{user}", "nobody");
    return "/api/v1" + path;
}

TEST(Api, every_endpoint_opens_to_its_roles_only) {
    for (const auto& route : api::routes()) {
        if (route.special == api::Special::live || route.special == api::Special::document ||
            route.special == api::Special::sign_in || (route.method == "DELETE" && route.path == "/session") ||
            route.path == "/session/password")
            continue;
        const std::string body = route.method == "POST" ? "{}" : "";
        EXPECT_EQ(house().call(std::string(route.method), path_for(route), {}, body).status, 401) << route.path;
        for (const auto& role : roles) {
            const auto answer = house().call(std::string(route.method), path_for(route), house().as(role), body);
            const bool may = auth::contains(route.roles, *auth::parse_role(role));
            EXPECT_EQ(answer.status == 403, !may) << route.method << ' ' << route.path << ' ' << role << answer.body;
            EXPECT_LT(answer.status, 500) << answer.body;
        }
    }
}

TEST(Api, every_answer_is_as_the_openapi_file_says) {
    const auto document = openapi();
    Validator validator(document);
    const std::string version(house()
                                  .call("GET", "/api/v1/register/versions", house().as("auditor"))
                                  .json()
                                  .at("items")
                                  .at(0)
                                  .at("version")
                                  .as_string());
    for (const auto& route : api::routes()) {
        if (route.method != "GET" || route.special != api::Special::none) continue;
        auto path = path_for(route);
        if (path.ends_with("1-00000000")) path.replace(path.size() - 10, 10, version);
        const auto answer = house().call("GET", path, house().as("administrator"));
        const auto& responses = *document.find("paths")->find(route.path)->find("get")->find("responses");
        const auto* schema =
            answer.status == 200 ? responses.entries.front().second.find("content")->find("application/json") : nullptr;
        if (path.find("4711") != std::string::npos) {
            EXPECT_EQ(answer.status, 404) << path;
            validator.check(answer.json(), *document.find("components")->find("schemas")->find("Error"), path);
            continue;
        }
        ASSERT_EQ(answer.status, 200) << path << answer.body;
        validator.check(answer.json(), *schema->find("schema"), path);
    }
}

TEST(Api, every_column_of_a_table_has_a_heading_in_both_languages) {
    for (const auto& route : api::routes()) {
        const auto vi = api::headings(route.columns, Language::vi), en = api::headings(route.columns, Language::en);
        for (std::size_t i = 0; i < route.columns.size(); ++i) EXPECT_NE(vi[i], en[i]) << route.columns[i];
    }
    const auto table = house().call("GET", "/api/v1/rules?format=csv&lang=vi", house().as("administrator"));
    EXPECT_THAT(table.body, testing::StartsWith("\xEF\xBB\xBFMã,Loại quy tắc,Tên (tiếng Việt),"));
}

TEST(Api, every_list_comes_as_csv_with_its_columns) {
    for (const auto& route : api::routes()) {
        if (route.columns.empty()) continue;
        auto path = path_for(route);
        path += path.find('?') == std::string::npos ? "?format=csv" : "&format=csv";
        const auto answer = house().call("GET", path, house().as("administrator"));
        EXPECT_EQ(answer.status, 200) << path;
        EXPECT_THAT(answer.body, testing::StartsWith("\xEF\xBB\xBF" + std::string(route.columns.front()) + ","))
            << path;
        EXPECT_EQ(answer.headers.at("content-type"), "text/csv; charset=utf-8");
    }
}

TEST(Api, lists_and_their_tables_take_the_filters_of_the_pages) {
    const auto rows = [](const std::string& path) {
        return house().call("GET", "/api/v1" + path, house().as("administrator")).json().at("total").as_int64();
    };
    EXPECT_GT(rows("/sites"), 1);
    EXPECT_EQ(rows("/sites?q=khong-co-tru-so-nay"), 0);
    EXPECT_EQ(rows("/sites?state=met") + rows("/sites?state=not_met") + rows("/sites?state=not_known"), rows("/sites"));
    EXPECT_EQ(rows("/rules?family=detection") + rows("/rules?family=expectation"), rows("/rules"));
    EXPECT_EQ(rows("/rules?q=C01"), 1);
    EXPECT_EQ(rows("/gaps?state=all&acknowledged=true") + rows("/gaps?state=all&acknowledged=false"),
              rows("/gaps?state=all"));
    const auto table = house().call("GET", "/api/v1/rules?format=csv&q=C01", house().as("administrator"));
    EXPECT_EQ(std::count(table.body.begin(), table.body.end(), '\n'), 2) << table.body;
}

TEST(Search, marks_count_only_where_they_are_written) {
    EXPECT_TRUE(api::Search("ban dieu hanh").matches("Văn bản điều hành"));
    EXPECT_TRUE(api::Search("HÀNH bản").matches("văn bản điều hành"));
    EXPECT_TRUE(api::Search("hoà").matches("Hòa Ân"));
    EXPECT_FALSE(api::Search("hóa").matches("Hòa Ân"));
    EXPECT_FALSE(api::Search("đa nang").matches("Da Nang"));
    EXPECT_TRUE(api::Search("").matches("x"));
}

TEST(Api, csv_cells_are_no_formulas) {
    const json::array items{json::object{{"a", "=1+1"}, {"b", json::object{{"vi", "x;\"y\""}}}, {"c", -5}}};
    const std::vector<std::string_view> columns{"a", "b.vi", "c", "missing"};
    EXPECT_EQ(api::to_csv(items, columns, api::headings(columns, std::nullopt), ';'),
              "\xEF\xBB\xBF"
              "a;b.vi;c;missing\r\n'=1+1;\"x;\"\"y\"\"\";-5;\r\n");
}

TEST(Api, tables_have_the_sentences_of_their_language) {
    const std::vector<std::string_view> columns{"evidence"};
    const auto in = [&](Language language) {
        json::array items{json::object{{"evidence", "mất"}, {"evidence_en", "lost"}}};
        api::put_in_words(items, columns, language);
        return std::string(items[0].at("evidence").as_string());
    };
    EXPECT_EQ(in(Language::vi), "mất");
    EXPECT_EQ(in(Language::en), "lost");
}

TEST(Api, csv_numbers_are_plain_decimals) {
    const json::array items{json::object{{"a", 0.0}, {"b", 0.995}, {"c", 1.0}, {"d", 1e-7}, {"e", -2.5e21}, {"f", 7}}};
    const std::vector<std::string_view> columns{"a", "b", "c", "d", "e", "f"};
    EXPECT_THAT(api::to_csv(items, columns, api::headings(columns, std::nullopt), ','),
                HasSubstr("\r\n0,0.995,1,0.0000001,-2500000000000000000000,7\r\n"));
}

TEST(Api, what_agents_tell_in_another_encoding_is_json_and_csv_all_the_same) {
    http::Request request;
    auto made = api::list_of({json::object{{"id", "Tr\xe0 My"}}});
    EXPECT_EQ(api::to_response(made, request, nullptr).body, "{\"items\":[{\"id\":\"Tr\uFFFD My\"}],\"total\":1}");
    request.query["format"] = "csv";
    const auto routes = api::routes();
    const auto events =
        std::find_if(routes.begin(), routes.end(), [](const api::Route& one) { return one.path == "/events"; });
    EXPECT_TRUE(is_utf8(api::to_response(made, request, &*events).body));
}

TEST(Api, what_is_not_known_says_who_should_tell_it) {
    const auto site = house().call("GET", "/api/v1/sites/TD01", house().as("auditor")).json();
    std::size_t unknown = 0;
    std::map<std::string, json::object> hints;
    for (const auto& verdict : site.at("verdicts").as_array()) {
        const auto& lacking = verdict.at("lacking").as_array();
        if (verdict.at("verdict").as_string() != "not_known") {
            EXPECT_TRUE(lacking.empty());
            continue;
        }
        ++unknown;
        for (const auto& fact : lacking) {
            EXPECT_FALSE(fact.at("vi").as_string().empty());
            EXPECT_FALSE(fact.at("producer").as_string().empty());
            if (const auto* hint = fact.at("hint").if_object()) hints[std::string(fact.at("name").as_string())] = *hint;
        }
    }
    EXPECT_GT(unknown, 0U) << "no agent of this house reports anything";
    ASSERT_TRUE(hints.contains("availability_month_low"));
    EXPECT_EQ(hints.at("availability_month_low").at("en").as_string(),
              "no machine has told this month whether this line is up");
}

TEST(Api, a_sites_page_tells_how_the_others_fare_without_naming_them) {
    using wire::SubjectKind;
    house().on_pipeline([](Pipeline& pipeline) {
        const auto now = system_clock().wall();
        const auto set = [&](SubjectKind kind, const char* id, const char* fact, const wire::FactValue& value) {
            EXPECT_TRUE(pipeline.facts().set({kind, id}, fact, value, now)) << id << ' ' << fact;
        };
        set(SubjectKind::site, "TM01", "agents_enrolled", std::int64_t{2});
        set(SubjectKind::site, "TM01", "agents_heard", std::int64_t{0});
        set(SubjectKind::site, "TM02", "agents_enrolled", std::int64_t{1});
        set(SubjectKind::site, "TM02", "agents_heard", std::int64_t{1});
        set(SubjectKind::service, "TM02/document", "reachable", false);
        return 0;
    });
    const auto site = house().call("GET", "/api/v1/sites/TD01", house().as("officer")).json();
    EXPECT_EQ(site.at("elsewhere"), (json::object{{"heard", 1}, {"silent", 1}}));
    EXPECT_EQ(site.at("uplinks").at(0).at("elsewhere"), (json::object{{"up", 0}, {"down", 1}}))
        << "TM01 is on VNPT, too";
    for (const auto& service : site.at("services").as_array())
        EXPECT_EQ(service.at("elsewhere").at("unreachable"), service.at("id").as_string() == "document" ? 1 : 0);
    house().on_pipeline([](Pipeline& pipeline) {
        EXPECT_TRUE(pipeline.facts().set({SubjectKind::site, "TM01"}, "agents_stopped", std::int64_t{2},
                                         system_clock().wall()));
        return 0;
    });
    const auto later = house().call("GET", "/api/v1/sites/TD01", house().as("officer")).json();
    EXPECT_EQ(later.at("elsewhere"), (json::object{{"heard", 1}, {"silent", 0}})) << "who said goodbye is asleep";
}

TEST(Api, an_officer_sees_the_own_unit_only) {
    const auto sites = house().call("GET", "/api/v1/sites", house().as("officer")).json();
    ASSERT_EQ(sites.at("total").to_number<int>(), 1);
    EXPECT_EQ(sites.at("items").at(0).at("id").as_string(), "TD01");
    for (const char* path : {"/sites/TM01", "/sites/TM01/timeline", "/facts?kind=site&id=TM01",
                             "/devices/TM01%2Fmac%3A52%3A54%3A00%3A4d%3A00%3A01"})
        EXPECT_EQ(house().call("GET", std::string("/api/v1") + path, house().as("officer")).status, 404) << path;
}

TEST(Api, changes_need_the_csrf_value_and_no_foreign_page) {
    auto headers = house().as("administrator");
    const std::string body = R"({"site":"TM01"})";
    EXPECT_EQ(house().call("POST", "/api/v1/tokens", {headers[0]}, body).status, 403);
    EXPECT_EQ(house().call("POST", "/api/v1/tokens", {headers[0], {"X-CSRF", "x"}}, body).status, 403);
    EXPECT_EQ(
        house().call("POST", "/api/v1/tokens", {headers[0], headers[1], {"Sec-Fetch-Site", "cross-site"}}, body).status,
        403);
    const auto made = house().call("POST", "/api/v1/tokens", headers, body);
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_TRUE(wire::parse_token(made.json().at("token").as_string()));
}

TEST(Api, a_register_with_mistakes_leaves_the_old_one_in_force) {
    const auto before = house().call("GET", "/api/v1/status", house().as("operator")).json().at("register_version");
    const auto answer = house().call("POST", "/api/v1/register?file=new.yaml", house().as("operator"),
                                     "units:\n  - { code: '1' }\nsites:\n  - { id: A, nam: x, unit: '2' }\n");
    EXPECT_EQ(answer.status, 422);
    EXPECT_GE(answer.json().at("problems").as_array().size(), 4U);
    EXPECT_EQ(answer.json().at("problems").at(0).at("file").as_string(), "new.yaml");
    EXPECT_EQ(house().call("GET", "/api/v1/status", house().as("operator")).json().at("register_version"), before);
}

TEST(Api, the_openapi_file_and_health_are_open_and_unknown_paths_are_said_so) {
    EXPECT_EQ(house().call("GET", "/api/v1/openapi.yaml").body, api::openapi_yaml());
    EXPECT_EQ(house().call("GET", "/-/healthy").status, 200);
    EXPECT_EQ(house().call("GET", "/-/ready").status, 200);
    EXPECT_THAT(house().call("GET", "/metrics").body, HasSubstr("vonggac_batches_total"));
    EXPECT_EQ(house().call("GET", "/api/v1/nothing").status, 404);
    EXPECT_EQ(house().call("PATCH", "/api/v1/gaps", house().as("operator")).headers.at("allow"), "GET");
}

TEST(Live, begins_with_hello_and_tells_an_unknown_reader_to_start_anew) {
    const auto& cookie = house().as("auditor")[0].second;
    const auto text = house().exchange(
        "GET /api/v1/live HTTP/1.1\r\nHost: x\r\nCookie: " + cookie + "\r\nLast-Event-ID: another.17\r\n\r\n",
        [](const std::string& got) { return got.find("resync") != std::string::npos; });
    EXPECT_THAT(text, HasSubstr("text/event-stream"));
    EXPECT_THAT(text, HasSubstr("event: hello\ndata: {\"now\":"));
    EXPECT_THAT(text, HasSubstr("event: resync"));
    EXPECT_EQ(house().call("GET", "/api/v1/live").status, 401);
}

TEST(Auth, a_wrong_password_is_refused_and_guessing_slows_down) {
    const auto attempt = [](const std::string& user, const std::string& secret) {
        return house().call("POST", "/api/v1/session", {},
                            json::serialize(json::object{{"user", user}, {"password", secret}}));
    };
    for (int i = 0; i < 5; ++i) EXPECT_EQ(attempt("guessed", "wrong").status, 401);
    const auto slowed = attempt("guessed", "wrong");
    EXPECT_EQ(slowed.status, 429);
    EXPECT_TRUE(slowed.headers.contains("retry-after"));
    const auto good = attempt("auditor", ApiHouse::password);
    EXPECT_EQ(good.status, 200);
    EXPECT_THAT(good.headers.at("set-cookie"), HasSubstr("HttpOnly; Secure; SameSite=Strict"));
}

TEST(Auth, the_own_password_changes_with_the_current_one_only) {
    const auto sign_in = [](const std::string& secret) {
        return house().call("POST", "/api/v1/session", {},
                            json::serialize(json::object{{"user", "operator"}, {"password", secret}}));
    };
    const auto change = [](const std::string& current, const std::string& next) {
        return house().call("POST", "/api/v1/session/password", house().as("operator"),
                            json::serialize(json::object{{"current", current}, {"password", next}}));
    };
    const std::string next = "another horse, another battery";
    EXPECT_EQ(change("guessed by a passer-by", next).status, 403);
    EXPECT_EQ(change("", next).status, 403);
    EXPECT_EQ(sign_in(next).status, 401);
    EXPECT_EQ(change(ApiHouse::password, "short").status, 422);
    const auto same = change(ApiHouse::password, ApiHouse::password);
    EXPECT_EQ(same.status, 422) << "who must change it has to change it";
    EXPECT_EQ(same.json().at("error").as_object().at("code").as_string(), "same_password");
    EXPECT_EQ(change(ApiHouse::password, next).status, 200);
    EXPECT_EQ(sign_in(next).status, 200);
    EXPECT_EQ(house().call("GET", "/api/v1/session", house().as("operator")).status, 200) << "the own session stays";
    EXPECT_EQ(change(next, ApiHouse::password).status, 200);
}

TEST(Auth, signing_out_ends_the_session) {
    const auto in = house().call("POST", "/api/v1/session", {},
                                 json::serialize(json::object{{"user", "auditor"}, {"password", ApiHouse::password}}));
    const auto cookie = in.headers.at("set-cookie");
    const ApiHouse::Headers headers{{"Cookie", cookie.substr(0, cookie.find(';'))},
                                    {"X-CSRF", std::string(in.json().at("csrf").as_string())}};
    EXPECT_EQ(house().call("GET", "/api/v1/session", headers).status, 200);
    EXPECT_EQ(house().call("DELETE", "/api/v1/session", headers).status, 200);
    EXPECT_EQ(house().call("GET", "/api/v1/session", headers).status, 401);
}

TEST(Http, refuses_what_breaks_the_protocol_or_a_limit) {
    const auto status = [](const std::string& bytes) { return ApiHouse::parse(house().exchange(bytes)).status; };
    EXPECT_EQ(status("nonsense\r\n\r\n"), 400);
    EXPECT_EQ(status("GET /%00 HTTP/1.1\r\n\r\n"), 400);
    EXPECT_EQ(status("GET /%e0 HTTP/1.1\r\n\r\n"), 400) << "not UTF-8";
    EXPECT_EQ(status("GET /?q=%ff HTTP/1.1\r\n\r\n"), 400);
    EXPECT_EQ(status("GET /?q=%c3%a0 HTTP/1.1\r\nConnection: close\r\n\r\n"), 200);
    EXPECT_EQ(status("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"), 431);
    EXPECT_EQ(status("POST /api/v1/session HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"), 413);
    EXPECT_EQ(status("POST /api/v1/register HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n"), 413)
        << "without a credential";
    EXPECT_EQ(status("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
    EXPECT_EQ(status("GET / HT"), 408) << "too slow";
}

TEST(Http, keeps_the_connection_and_answers_in_order) {
    const auto text =
        house().exchange("GET /-/healthy HTTP/1.1\r\n\r\nGET /-/ready HTTP/1.1\r\nConnection: close\r\n\r\n");
    EXPECT_LT(text.find("healthy\n"), text.find("ready\n"));
}

TEST(Http, serves_pages_with_their_guards) {
    const auto page = house().call("GET", "/gaps");
    EXPECT_EQ(page.status, 200) << "a page of the application";
    EXPECT_THAT(page.headers.at("content-security-policy"), HasSubstr("default-src 'self'"));
    EXPECT_EQ(page.headers.at("x-content-type-options"), "nosniff");
    const auto script = house().call("GET", "/assets/app-1a2b.js", {{"Accept-Encoding", "gzip"}});
    EXPECT_EQ(script.body, "packed");
    EXPECT_THAT(script.headers.at("cache-control"), HasSubstr("immutable"));
    EXPECT_EQ(house().call("GET", "/assets/app-1a2b.js", {{"If-None-Match", script.headers.at("etag")}}).status, 304);
    for (const char* path : {"/", "/-/healthy", "/-/ready", "/metrics"})
        EXPECT_EQ(house().call("POST", path).status, 405) << path;
    for (const char* path : {"/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/secret.txt"})
        EXPECT_THAT(house().call("GET", path).body, Not(HasSubstr("not for the web"))) << path;
}

}  // namespace
}  // namespace vg::collector
