#include "probes/http/http.hpp"
#include "probes/endpoint.hpp"
#include "probes/http/content.hpp"
#include "probes/http/exchange.hpp"
#include "probes/http/url.hpp"
#include "tests/probes/web_server.hpp"

#include <gmock/gmock.h>

#include <unistd.h>
#include <cstdlib>
#include <fstream>

namespace vg::probes {
namespace {

using namespace testing;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class HttpTest : public ::testing::Test {
protected:
    wire::Observation run(const std::string& url, const std::string& more = {}, Millis time = 10s) {
        Problems problems;
        const auto text = "{ id: web, probe: http, service: document, target: '" + url + "'" +
                          (more.empty() ? "" : ", ") + more + " }";
        auto probe = http_kind().make_probe(task_of(text), {io, clock}, problems);
        EXPECT_TRUE(probe) << problems.text();
        auto seen = probe ? run_until_done(io, probe->run(in(time))) : wire::Observation{};
        expect_conform(http_kind(), seen);
        return seen;
    }
    static std::string url(const WebServer& server, const std::string& rest, const std::string& host = "127.0.0.1",
                           const std::string& scheme = "http") {
        return scheme + "://" + host + ":" + std::to_string(server.port()) + rest;
    }
    static void expect(const wire::Observation& seen, Outcome outcome) {
        EXPECT_EQ(seen.error.en, "");
        EXPECT_EQ(value_of(seen, "http.outcome"), static_cast<double>(outcome));
        EXPECT_EQ(truth(seen, wire::SubjectKind::service, "reachable"), outcome == Outcome::ok);
    }
    static std::optional<bool> truth(const wire::Observation& seen, wire::SubjectKind kind, std::string_view name) {
        const auto* fact = fact_of(seen, kind, name);
        const auto* value = fact ? std::get_if<bool>(&fact->value) : nullptr;
        return value ? std::optional(*value) : std::nullopt;
    }
    asio::io_context io;
    ManualClock clock{system_clock().wall()};
};

TEST_F(HttpTest, APageOfBothFamiliesWithItsPhases) {
    for (const auto& [address, host] :
         {std::pair<std::string, std::string>{"127.0.0.1", "127.0.0.1"}, {"::1", "[::1]"}}) {
        WebServer server(io, address);
        server.pages["/login?a=1"] = page("<h1>Đăng nhập</h1>");
        const auto seen = run(url(server, "/login?a=1", host), "match: 'Đăng nhập'");
        expect(seen, Outcome::ok);
        EXPECT_EQ(value_of(seen, "http.status"), 200);
        for (const auto* metric : {"http.dns", "http.connect", "http.first_byte", "http.total"})
            EXPECT_TRUE(value_of(seen, metric)) << metric;
        EXPECT_FALSE(value_of(seen, "http.tls"));
        EXPECT_FALSE(fact_of(seen, wire::SubjectKind::service, "tls_trusted"));
        EXPECT_THAT(server.requests.at(0), StartsWith("GET /login?a=1 HTTP/1.1\r\nHost: " + host + ":"));
        server.stop();
    }
}

TEST_F(HttpTest, WhatTheServerSaysDecides) {
    WebServer server(io, "127.0.0.1");
    server.pages["/broken"] = page("trouble", "503 Service Unavailable");
    server.pages["/other"] = page("another page");
    server.pages["/not-http"] = "SSH-2.0-OpenSSH_9.2\r\n";
    server.pages["/cut"] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
    server.pages["/header-only"] = "HTTP/1.1 200 OK\r\nConte";
    server.pages["/nothing"] = "";
    expect(run(url(server, "/broken")), Outcome::wrong_status);
    expect(run(url(server, "/broken"), "expect_status: [200, 503]"), Outcome::ok);
    expect(run(url(server, "/other"), "match: 'Đăng nhập'"), Outcome::wrong_content);
    expect(run(url(server, "/other"), "match_regex: 'an.*page$'"), Outcome::ok);
    expect(run(url(server, "/not-http")), Outcome::bad_answer);
    expect(run(url(server, "/cut")), Outcome::bad_answer);
    expect(run(url(server, "/header-only")), Outcome::bad_answer);
    const auto closed = run(url(server, "/nothing"));
    expect(closed, Outcome::bad_answer);
    EXPECT_THAT(closed.remark.vi, HasSubstr("nếu cổng này dùng TLS, hãy thử https://"));
    EXPECT_THAT(closed.remark.en, HasSubstr("if this port speaks TLS, try https://"));
    expect(run(url(server, "/silent"), "", 60ms), Outcome::timed_out);
}

TEST_F(HttpTest, BodiesAreReadInEveryFormAndOnlySoFar) {
    WebServer server(io, "127.0.0.1");
    server.pages["/chunked"] =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nvọ\r\n7\r\nng gác\r\n0\r\n\r\n";
    server.pages["/until-end"] = "HTTP/1.0 200 OK\r\n\r\nvọng gác";
    server.pages["/promise"] =
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n" + std::string(http::most_body, 'x') + "too late";
    server.pages["/head"] = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n";
    server.pages["/flood"] = "HTTP/1.1 200 OK\r\nX: " + std::string(2 * http::most_header, 'x') + "\r\n\r\n";
    expect(run(url(server, "/chunked"), "match: 'vọng gác'"), Outcome::ok);
    expect(run(url(server, "/until-end"), "match: 'vọng gác'"), Outcome::ok);
    expect(run(url(server, "/promise"), "match: 'xxx'"), Outcome::ok);
    expect(run(url(server, "/promise"), "match: 'too late'"), Outcome::wrong_content);
    expect(run(url(server, "/head"), "method: HEAD"), Outcome::ok);
    expect(run(url(server, "/flood")), Outcome::bad_answer);
}

TEST_F(HttpTest, AChunkedBodyMayComeByteByByte) {
    WebServer server(io, "127.0.0.1");
    server.writes_bytes = true;
    server.pages["/"] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nvọ\r\n7\r\nng gác\r\n0\r\n\r\n";
    expect(run(url(server, "/"), "match: 'vọng gác'"), Outcome::ok);
}

TEST_F(HttpTest, RedirectsAreFollowedOnlyWhenAsked) {
    WebServer server(io, "127.0.0.1");
    server.pages["/"] = page("", "302 Found", "Location: login\r\n");
    server.pages["/login"] = page("here");
    server.pages["/circle"] = page("", "301 Moved Permanently", "Location: /circle\r\n");
    EXPECT_EQ(value_of(run(url(server, "/")), "http.status"), 302);
    EXPECT_EQ(value_of(run(url(server, "/"), "redirects: 2, match: here"), "http.status"), 200);
    EXPECT_EQ(value_of(run(url(server, "/circle"), "redirects: 3"), "http.status"), 301);
    EXPECT_EQ(server.requests.size(), 1u + 2u + 4u);
}

TEST_F(HttpTest, TheInternetIsOutOfReachAlsoWhenNobodyListens) {
    WebServer server(io, "127.0.0.1");
    server.pages["/"] = page("ok");
    const auto there = run(url(server, "/"), "internet: true");
    EXPECT_EQ(truth(there, wire::SubjectKind::agent, "internet"), true);
    EXPECT_EQ(truth(there, wire::SubjectKind::site, "internet"), true);
    server.stop();
    const auto away = run(url(server, "/"), "internet: true");
    expect(away, Outcome::refused);
    EXPECT_EQ(truth(away, wire::SubjectKind::site, "internet"), false);
}

class HttpsTest : public HttpTest {
protected:
    HttpsTest() {
        const auto now = clock.wall();
        authority = x509::make_authority("Test authority", now - 1h, now + 24h * 400).value();
        path = ::testing::TempDir() + "vg_http_" + std::to_string(::getpid()) + ".pem";
        std::ofstream(path) << authority.certificate_pem;
    }
    ~HttpsTest() override { ::unlink(path.c_str()); }
    x509::Identity leaf(const std::string& name, Time until) const {
        const auto key = x509::make_key().value();
        const auto request = x509::make_request(key.private_pem, name).value();
        const x509::Leaf wish{name, {name}, x509::Usage::server, until - 24h * 90, until};
        return {key.private_pem, x509::sign(authority, request, wish).value()};
    }
    std::string text(const wire::Observation& seen, const char* name) const {
        const auto* fact = fact_of(seen, wire::SubjectKind::service, name);
        const auto* value = fact ? std::get_if<std::string>(&fact->value) : nullptr;
        return value ? *value : "(no text)";
    }
    std::int64_t days_left(const wire::Observation& seen) const {
        const auto* fact = fact_of(seen, wire::SubjectKind::service, "tls_days_left");
        const auto* value = fact ? std::get_if<std::int64_t>(&fact->value) : nullptr;
        return value ? *value : -9999;
    }
    x509::Identity authority;
    std::string path;
};

TEST_F(HttpsTest, ATrustedChainWithItsDaysLeft) {
    WebServer server(io, "127.0.0.1", leaf("127.0.0.1", clock.wall() + 24h * 30 + 1h));
    server.pages["/"] = page("ok");
    const auto seen = run(url(server, "/", "127.0.0.1", "https"), "authorities: '" + path + "'");
    expect(seen, Outcome::ok);
    EXPECT_TRUE(value_of(seen, "http.tls"));
    EXPECT_EQ(truth(seen, wire::SubjectKind::service, "tls_trusted"), true);
    EXPECT_EQ(text(seen, "tls_problem"), "");
    EXPECT_EQ(days_left(seen), 30);
}

TEST_F(HttpsTest, AnUntrustedChainIsReachableAndSaysWhy) {
    WebServer server(io, "127.0.0.1", leaf("127.0.0.1", clock.wall() + 24h * 5));
    server.pages["/"] = page("ok");
    const auto seen = run(url(server, "/", "127.0.0.1", "https"));
    expect(seen, Outcome::ok);
    EXPECT_EQ(truth(seen, wire::SubjectKind::service, "tls_trusted"), false);
    EXPECT_NE(text(seen, "tls_problem"), "");
    EXPECT_THAT(seen.remark.vi, HasSubstr("chứng thư không được tin cậy"));
    EXPECT_THAT(seen.remark.en, HasSubstr("browsers will warn"));
}

TEST_F(HttpsTest, AnotherNameIsNotTrusted) {
    WebServer server(io, "127.0.0.1", leaf("portal.tinh.vn", clock.wall() + 24h * 5));
    server.pages["/"] = page("ok");
    const auto seen = run(url(server, "/", "127.0.0.1", "https"), "authorities: '" + path + "'");
    EXPECT_EQ(truth(seen, wire::SubjectKind::service, "tls_trusted"), false);
    EXPECT_THAT(text(seen, "tls_problem"), HasSubstr("mismatch"));
}

TEST_F(HttpsTest, AnExpiredCertificateHasFewerThanNoDays) {
    WebServer server(io, "127.0.0.1", leaf("127.0.0.1", clock.wall() - 1h));
    server.pages["/"] = page("ok");
    const auto seen = run(url(server, "/", "127.0.0.1", "https"), "authorities: '" + path + "'");
    EXPECT_EQ(truth(seen, wire::SubjectKind::service, "tls_trusted"), false);
    EXPECT_THAT(text(seen, "tls_problem"), HasSubstr("expired"));
    EXPECT_EQ(days_left(seen), -1);
}

TEST_F(HttpsTest, AClockAt1970DoesNotJudgeCertificates) {
    WebServer server(io, "127.0.0.1", leaf("127.0.0.1", clock.wall() + 24h * 30));
    server.pages["/"] = page("ok");
    clock.step_wall(-std::chrono::duration_cast<Millis>(clock.wall().time_since_epoch()));
    const auto seen = run(url(server, "/", "127.0.0.1", "https"), "authorities: '" + path + "'");
    const auto* fact = fact_of(seen, wire::SubjectKind::service, "tls_trusted");
    ASSERT_TRUE(fact);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(fact->value));
}

TEST_F(HttpsTest, AServerThatSpeaksNoTls) {
    WebServer server(io, "127.0.0.1");
    server.pages["/"] = page("ok");
    const auto seen = run(url(server, "/", "127.0.0.1", "https"), "", 300ms);
    // It waits for a request that never ends: whoever gives up first, there is no TLS.
    const auto outcome = value_of(seen, "http.outcome");
    EXPECT_TRUE(outcome == static_cast<double>(Outcome::tls_failed) ||
                outcome == static_cast<double>(Outcome::timed_out));
}

TEST_F(HttpTest, MistakesInTheEntryAreProblems) {
    for (const auto* text :
         {"{ id: a, target: 'ftp://host/' }", "{ id: a, target: 'https://user:secret@host/' }", "{ id: a }",
          "{ id: a, target: 'http://host/', match: x, match_regex: y }",
          "{ id: a, target: 'http://host/', match_regex: '(' }", "{ id: a, target: 'http://host/', expect_status: 20 }",
          "{ id: a, target: 'http://host/', redirects: 11 }", "{ id: a, target: 'http://host/', method: POST }",
          "{ id: a, target: 'https://host/', authorities: /nowhere }", "{ id: a, target: 'http://host:0/' }"}) {
        Problems problems;
        EXPECT_FALSE(http_kind().make_probe(task_of(text), {io, clock}, problems)) << text;
        EXPECT_EQ(problems.list().size(), 1u) << text << problems.text();
    }
}

TEST(HttpUrl, IsTakenApart) {
    const auto url = http::parse_url("https://[2001:db8::1]:8443/a/b?c=d#e").value();
    EXPECT_TRUE(url.is_tls);
    EXPECT_EQ(url.host, "2001:db8::1");
    EXPECT_EQ(url.port, 8443);
    EXPECT_EQ(url.target, "/a/b?c=d");
    EXPECT_EQ(url.authority, "[2001:db8::1]:8443");
    EXPECT_EQ(http::parse_url("http://xa.vn")->target, "/");
    EXPECT_EQ(http::follow(url, "../c")->target, "/c");
    EXPECT_EQ(http::follow(url, "//other.vn/x")->host, "other.vn");
    EXPECT_FALSE(http::parse_url("http://host:99999/"));
    EXPECT_FALSE(http::parse_url("http://host:80path"));
    EXPECT_FALSE(http::parse_url("http://a%20b/"));
    EXPECT_FALSE(http::follow(url, "javascript:alert(1)"));
    EXPECT_FALSE(http::follow(url, "http://[::1"));
}

TEST(HttpContent, APageCannotHoldTheMatcherForEver) {
    const auto match = http::ContentMatch::of_regex("(a+)+(b+)+$").value();
    EXPECT_FALSE(match.fits(std::string(http::most_body, 'a')));
    EXPECT_TRUE(match.fits("aab"));
}

}  // namespace
}  // namespace vg::probes
