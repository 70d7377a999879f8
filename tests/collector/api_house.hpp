#pragma once
// A whole collector on loopback for tests of what people ask it: real TLS, a real store in a folder of its own, the
// example register, one user of each role. Everything ends with it.

#include "base/text.hpp"
#include "collector/api/api.hpp"
#include "collector/listener.hpp"
#include "collector/register/read.hpp"
#include "collector/register/versions.hpp"
#include "collector/rule_files.hpp"

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <sstream>
#include <thread>

namespace vg::collector {

struct HttpAnswer {
    int status = 0;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
    [[nodiscard]] boost::json::object json() const { return boost::json::parse(body).as_object(); }
};

class ApiHouse {
public:
    inline static const std::string password = "correct horse battery";

    ApiHouse() {
        root_ = std::filesystem::temp_directory_path() / ("vonggac-api-" + crypto::random_text(10));
        std::filesystem::create_directories(root_ / "web/assets");
        std::ofstream(root_ / "web/index.html") << "<!doctype html><title>Vọng Gác</title>";
        std::ofstream(root_ / "web/assets/app-1a2b.js") << "export {}";
        std::ofstream(root_ / "web/assets/app-1a2b.js.gz") << "packed";
        std::ofstream(root_ / "secret.txt") << "not for the web";
        open();
    }
    ~ApiHouse() {
        asio::post(io_, [this] {
            listener_->stop();
            api_->stop();
            server_->stop();
        });
        asio::post(io_, [this] { io_.stop(); });
        thread_.join();
        core_->stop();
        std::error_code ec;
        std::filesystem::remove_all(root_, ec);
    }

    // Bytes on a fresh connection; what comes back until the peer closes, or as much as `enough` wants.
    std::string exchange(const std::string& bytes, const std::function<bool(const std::string&)>& enough = {}) {
        asio::io_context io;
        std::string out;
        asio::co_spawn(io, talk(io, bytes, enough, out), [](std::exception_ptr failed) {
            if (failed) std::rethrow_exception(failed);
        });
        io.run();
        return out;
    }

    using Headers = std::vector<std::pair<std::string, std::string>>;
    HttpAnswer call(const std::string& method, const std::string& path, const Headers& headers = {},
                    const std::string& body = "") {
        std::string bytes = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        for (const auto& [name, value] : headers) bytes += name + ": " + value + "\r\n";
        if (!body.empty()) bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        return parse(exchange(bytes + "\r\n" + body));
    }

    // Signed in once per user; calls with cookie and X-CSRF.
    const Headers& as(const std::string& user) {
        auto& headers = signed_in_[user];
        if (headers.empty()) {
            const auto answer =
                call("POST", "/api/v1/session", {},
                     boost::json::serialize(boost::json::object{{"user", user}, {"password", password}}));
            EXPECT_EQ(answer.status, 200) << answer.body;
            const auto& cookie = answer.headers.at("set-cookie");
            headers = {{"Cookie", cookie.substr(0, cookie.find(';'))},
                       {"X-CSRF", std::string(answer.json().at("csrf").as_string())}};
        }
        return headers;
    }

    static HttpAnswer parse(const std::string& text) {
        HttpAnswer out;
        const auto end = text.find("\r\n\r\n");
        if (end == std::string::npos) return out;
        out.status = std::stoi(text.substr(9, 3));
        std::istringstream lines(text.substr(0, end));
        std::string line;
        std::getline(lines, line);
        while (std::getline(lines, line)) {
            if (line.ends_with('\r')) line.pop_back();
            out.headers[lower(line.substr(0, line.find(": ")))] = line.substr(line.find(": ") + 2);
        }
        out.body = text.substr(end + 4);
        return out;
    }

    template <class F>
    auto on_pipeline(F fn) {
        std::promise<std::invoke_result_t<F&, Pipeline&>> promise;
        core_->post([&](Pipeline& pipeline) { promise.set_value(fn(pipeline)); });
        return promise.get_future().get();
    }

    [[nodiscard]] const std::filesystem::path& root() const { return root_; }

private:
    void open() {
        const auto now = system_clock().wall();
        authority_ =
            std::make_shared<Authority>(Authority::open(root_.string(), {"localhost", "127.0.0.1"}, now).value());
        auto store = open_sqlite_store((root_ / "vonggac.db").string()).value();
        auto accounts = auth::Accounts::load(*store, now).value();
        const auto hash = crypto::hash_password(password).value();
        using auth::Role;
        for (const auto& [name, role] : {std::pair{"administrator", Role::administrator},
                                         {"operator", Role::operator_},
                                         {"officer", Role::officer},
                                         {"auditor", Role::auditor}})
            EXPECT_TRUE(
                accounts.put_user(*store, {name, role, role == Role::officer ? "20920" : "", hash, now, false}));
        std::ifstream in(VONGGAC_SOURCE_DIR "/packaging/register.example.yaml");
        std::stringstream text;
        text << in.rdbuf();
        EXPECT_TRUE(registry::keep(*store, text.str(), "test", "example", now));
        Pipeline::Parts parts;
        parts.reg = registry::load_latest(*store).value();
        parts.store = std::move(store);
        parts.authority = authority_;
        parts.clock = &system_clock();
        Problems problems;
        parts.rules = load_rule_files({VONGGAC_SOURCE_DIR "/rules/catalogue"}, problems);
        EXPECT_EQ(problems.text(), "");
        parts.address = "127.0.0.1:443";
        core_ = Core::start(io_.get_executor(), std::move(parts), counters_).value();
        api_ = std::make_unique<api::Api>(io_, *core_, std::move(accounts),
                                          api::Api::Options{(root_ / "web").string(), authority_->fingerprint()});
        http::Limits limits;
        limits.header = std::chrono::seconds(2);
        server_ = std::make_unique<http::Server>(*api_, limits);
        Listener::Options options;
        options.address = "127.0.0.1";
        options.port = 0;
        listener_ = Listener::open(io_, options, *core_, authority_, [this](tls::Stream stream) {
                        return server_->serve(std::move(stream));
                    }).value();
        asio::co_spawn(io_, listener_->run(), asio::detached);
        asio::co_spawn(io_, api_->run(), asio::detached);
        thread_ = std::thread([this] { io_.run(); });
    }

    asio::awaitable<void> talk(asio::io_context& io, std::string bytes, std::function<bool(const std::string&)> enough,
                               std::string& out) {
        tls::Context::Options options;
        options.trusted_pem = authority_->certificate_pem();
        options.alpn = {"http/1.1"};
        const auto context = tls::Context::make(options).value();
        asio::ip::tcp::socket socket(io);
        co_await socket.async_connect({asio::ip::make_address("127.0.0.1"), listener_->port()}, asio::use_awaitable);
        tls::Stream stream(std::move(socket), context);
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        const auto connected = co_await stream.connect("localhost", deadline);
        EXPECT_TRUE(connected) << connected.error().message;
        if (!connected) co_return;
        (void)co_await stream.write_all(view_of(bytes), deadline);
        std::array<std::uint8_t, 16384> chunk;
        while (!enough || !enough(out)) {
            const auto got = co_await stream.read_some(chunk, deadline);
            if (!got) break;
            out += text_of(ByteView(chunk).first(*got));
        }
        stream.close();
    }

    std::filesystem::path root_;
    asio::io_context io_{1};
    Counters counters_;
    std::shared_ptr<Authority> authority_;
    std::unique_ptr<Core> core_;
    std::unique_ptr<api::Api> api_;
    std::unique_ptr<http::Server> server_;
    std::unique_ptr<Listener> listener_;
    std::thread thread_;
    std::map<std::string, Headers> signed_in_;
};

}  // namespace vg::collector
