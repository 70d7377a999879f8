// Any bytes of one connection from a browser, through everything that answers it but TLS and sockets: parser, sign-in
// and authorisation, handlers on the pipeline thread, the answer as bytes. Nobody gets what a credential of the own
// input does not give, no answer is an internal error, and every answer is in order as HTTP and as JSON.
#include "collector/api/access.hpp"
#include "collector/api/api.hpp"
#include "collector/api/routes.hpp"
#include "collector/core.hpp"
#include "collector/http/headers.hpp"
#include "collector/http/parser.hpp"
#include "tests/fuzz/province.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

using namespace vg;
using namespace vg::collector;
using http::Request;
using http::RequestParser;
using http::Response;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

constexpr std::string_view not_for_the_web = "lies beside the pages";

struct Pages {  // as they would be installed
    std::filesystem::path root = std::filesystem::temp_directory_path() / ("vonggac-fuzz-" + crypto::random_text(10));
    Pages() {
        std::filesystem::create_directories(root / "web/assets");
        std::ofstream(root / "web/index.html") << "<!doctype html><title>Vọng Gác</title>";
        std::ofstream(root / "web/assets/app-1a2b.js") << "export {}";
        std::ofstream(root / "web/assets/app-1a2b.js.gz") << "packed";
        std::ofstream(root / "secret.txt") << not_for_the_web;
    }
    ~Pages() {
        std::error_code ec;
        std::filesystem::remove_all(root, ec);
    }
};

// What the agents have seen before anybody asks.
void fill(fuzz::Province& province, Pipeline& pipeline) {
    province.enrol(pipeline);
    const auto device = [](const char* key, const char* name, wire::FactValue value) {
        return wire::Fact{{wire::SubjectKind::device, key}, name, std::move(value)};
    };
    const auto text = [](const char* value) { return wire::FactValue(std::string(value)); };
    province.tell(pipeline, 1,
                  {device("host", "machine_id", text("0123456789abcdef0123456789abcdef")),
                   device("host", "os_name", text("Debian GNU/Linux 12")),
                   device("host", "adapter/eth0", text(R"({"mac":"00:1b:21:00:00:01","ipv4":"10.1.0.11/24"})")),
                   device("host", "software/openssl", text("3.0.15")),
                   device("host", "port/tcp/0.0.0.0:22", text("sshd")),
                   device("mac:00:1b:21:00:00:99", "seen", true),
                   device("mac:00:1b:21:00:00:99", "ip", text("10.1.0.99")),
                   device("mac:00:1b:21:00:00:99", "announced_name", text("may-in")),
                   device("snmp:10.1.0.1", "snmp_ok", true),
                   device("snmp:10.1.0.1", "name", text("router")),
                   device("snmp:10.1.0.1", "interface/1",
                          text(R"({"name":"ether1","type":6,"mac":"00:0c:42:00:00:01","admin":"up","oper":"up"})")),
                   device("snmp:10.1.0.1", "neighbour/ether1/lldp/1",
                          text(R"({"protocol":"lldp","chassis":"00:1b:21:00:00:01","port":"eth0","name":"pc-1"})")),
                   {{wire::SubjectKind::site, ""}, "active_uplink", text("4g")},
                   {{wire::SubjectKind::uplink, "fibre"}, "up", false},
                   {{wire::SubjectKind::service, "portal"}, "reachable", true}});
    province.tell_events(pipeline, 1);
    province.tell_samples(pipeline, 1);
    province.tell(pipeline, 2, {device("mac:00:1b:21:00:00:99", "seen", true)});
    province.pass(pipeline, std::chrono::seconds(20));
}

// The collector's browser side. Made anew when an input has changed something, so that each begins from the same.
class House {
public:
    explicit House(const Pages& pages) {
        auto parts = province_.parts();
        auto accounts = fuzz::must(auth::Accounts::load(*parts.store, province_.clock().wall()));
        core_ = fuzz::must(Core::start(io_.get_executor(), std::move(parts), province_.counters()));
        auto work = [this](Pipeline& pipeline) {
            fill(province_, pipeline);
            return true;
        };
        (void)run(core_->ask(std::move(work)));
        api_ = std::make_unique<api::Api>(io_, *core_, std::move(accounts),
                                          api::Api::Options{(pages.root / "web").string(), "fingerprint"});
    }
    ~House() {
        api_->stop();
        core_->stop();
    }
    House(const House&) = delete;

    template <class T>
    T run(asio::awaitable<T> operation) {
        std::optional<T> out;
        asio::co_spawn(io_, std::move(operation), [&](std::exception_ptr failed, T value) {
            fuzz::require(!failed);
            out.emplace(std::move(value));
        });
        io_.restart();
        while (!out) fuzz::require(io_.run_one() > 0);
        io_.poll();
        return std::move(*out);
    }
    [[nodiscard]] api::Api& api() { return *api_; }
    [[nodiscard]] Time now() { return province_.clock().wall(); }

private:
    fuzz::Province province_;
    asio::io_context io_{1};
    std::unique_ptr<Core> core_;
    std::unique_ptr<api::Api> api_;
};

// Whose credential a request shows; empty: nobody's. As access.cpp has it: a token goes before a session.
std::string_view role_shown(const Request& request) {
    const auto authorisation = request.header("authorization");
    const bool is_token = authorisation.starts_with("Bearer ");
    const auto secret = is_token ? authorisation.substr(7) : request.cookie(api::session_cookie);
    const std::string_view before = is_token ? "vga1." : "session-";
    for (const auto role : fuzz::roles)
        if (secret.starts_with(before) && secret.substr(before.size()) == role) return role;
    return {};
}

bool is_change(const Request& request) { return request.method != "GET" && request.method != "HEAD"; }

// An answer that gives or does something was the asker's due.
void check_rights(const Request& request, const Response& response) {
    const bool is_api = request.raw_path.starts_with("/api/v1/");
    if ((!is_api && request.path != "/metrics") || response.status >= 400) return;
    if (request.path == "/api/v1/openapi.yaml") return;
    if (request.method == "POST" && request.path == "/api/v1/session")  // who signs in says the password
        return fuzz::require(request.body.find(fuzz::password) != std::string::npos ||
                             request.body.find('\\') != std::string::npos);
    const auto role = role_shown(request);
    fuzz::require(!role.empty());
    if (!is_change(request)) return;
    const bool is_token = request.header("authorization").starts_with("Bearer ");
    fuzz::require(is_token || request.header("x-csrf") == "csrf");
    const bool is_own = request.path.starts_with("/api/v1/session") || request.path.starts_with("/api/v1/views");
    fuzz::require(role != "auditor" || is_own);
}

void check_form(const Request& request, const Response& response, Time now) {
    fuzz::require(http::reason(response.status) != "Status");
    fuzz::require(response.status != 500);
    bool is_json = false, is_packed = false;
    for (const auto& [name, value] : response.headers) {
        fuzz::require((name + value).find_first_of("\r\n") == std::string::npos);
        is_json = is_json || (name == "Content-Type" && value.starts_with("application/json"));
        is_packed = is_packed || name == "Content-Encoding";
    }
    if (is_json && !is_packed) fuzz::require_json(response.body);
    const auto head = http::head_of(response, false, now);
    fuzz::require(head.starts_with("HTTP/1.1 ") && head.find("\r\n\r\n") == head.size() - 4);
    fuzz::require(response.body.find(not_for_the_web) == std::string::npos);
    fuzz::require(!response.streaming || request.path == "/api/v1/live");
}

// True: something is not as before.
bool answer(House& house, Request request) {
    request.from = asio::ip::make_address("192.0.2.77");
    const auto response = house.run(house.api().answer(request));
    check_form(request, response, house.now());
    check_rights(request, response);
    return is_change(request) && (response.status < 400 || request.path.starts_with("/api/v1/session"));
}

bool converse(House& house, ByteView bytes) {
    constexpr std::size_t piece = 8192, header_limit = 16 * 1024;
    RequestParser parser(header_limit);
    std::size_t allowed = 0;
    bool changed = false;
    for (;;) {
        switch (parser.advance()) {
            case RequestParser::State::need_more:
                if (bytes.empty()) return changed;
                parser.feed(bytes.first(std::min(piece, bytes.size())));
                bytes = bytes.subspan(std::min(piece, bytes.size()));
                break;
            case RequestParser::State::head:
                allowed = house.api().max_body(parser.head());
                parser.limit_body(allowed);
                break;
            case RequestParser::State::complete: {
                auto request = parser.take();
                const bool is_last = !request.keep_alive;
                fuzz::require(request.body.size() <= allowed);
                const bool is_about_people = request.path.starts_with("/api/v1/users");  // who may what is another then
                changed = answer(house, std::move(request)) || changed;
                if (is_last || (changed && is_about_people)) return changed;
                break;
            }
            case RequestParser::State::refused: return changed;
        }
    }
}

}  // namespace

// A body that is longer or shorter than its head says would be no body: mostly the length follows it.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
    size = LLVMFuzzerMutate(data, size, most);
    if (seed % 8 == 0) return size;
    std::string text(reinterpret_cast<const char*>(data), size);
    constexpr std::string_view name = "Content-Length: ";
    const auto at = text.rfind(name);
    const auto end = at == std::string::npos ? at : text.find("\r\n\r\n", at);
    if (end == std::string::npos) return size;
    const auto digits = at + name.size();
    text.replace(digits, std::min(text.find("\r\n", digits), end) - digits, std::to_string(text.size() - end - 4));
    if (text.size() > most) return size;
    std::memcpy(data, text.data(), text.size());
    return text.size();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Pages pages;
    static std::unique_ptr<House> house;
    if (!house) house = std::make_unique<House>(pages);
    if (converse(*house, {data, size})) house.reset();
    return 0;
}
