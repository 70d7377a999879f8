#include "collector/api/api.hpp"

#include "base/log.hpp"
#include "collector/api/access.hpp"
#include "collector/api/csv.hpp"
#include "collector/api/metrics.hpp"
#include "collector/api/publisher.hpp"
#include "collector/api/xlsx.hpp"
#include "collector/http/compress.hpp"
#include "collector/http/headers.hpp"
#include "collector/http/static_files.hpp"
#include "collector/register/versions.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

namespace vg::collector::api {
namespace {

constexpr std::string_view base = "/api/v1";
constexpr std::size_t small_body = 64 * 1024;
constexpr std::size_t register_body = 4 * 1024 * 1024;
constexpr std::size_t most_listeners = 1000;
constexpr int most_password_checks = 16;  // waiting at once
constexpr std::size_t worth_compressing = 1024;

Answer busy() {
    return problem(503, "busy", "Trung tâm đang bận, hãy thử lại sau.", "The collector is busy; try again soon.");
}

bool put_table(Answer& answer, const http::Request& request, const Route& route, std::string_view format,
               http::Response& response) {
    const auto semicolon = request.parameter("separator") == ";" || request.parameter("separator") == "semicolon";
    auto items = answer.list->paged ? std::move(answer.list->items)
                 : request.parameter("limit") || request.parameter("offset")
                     ? slice(std::move(answer.list->items), page_of(request))
                     : std::move(answer.list->items);
    auto name = std::string(route.path.substr(1));
    std::erase_if(name, [](char c) { return c == '{' || c == '}'; });
    std::replace(name.begin(), name.end(), '/', '-');
    response.with("Content-Disposition", "attachment; filename=\"" + name + "." + std::string(format) + "\"");
    if (format == "csv") {
        response.with("Content-Type", "text/csv; charset=utf-8");
        response.body = to_csv(items, route.columns, semicolon ? ';' : ',');
        return true;
    }
    auto book = to_xlsx(items, route.columns, name);
    if (!book) {
        log::warning("api", book.error().message);
        return false;
    }
    response.with("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    response.body = std::move(*book);
    return true;
}

http::Response to_response(Answer answer, const http::Request& request, const Route* route) {
    http::Response response;
    response.status = answer.status;
    for (auto& [name, value] : answer.headers) response.with(name, value);
    response.with("Cache-Control", "no-store");
    const auto format = request.parameter("format").value_or("");
    if (answer.list && (format == "csv" || format == "xlsx")) {
        if (!put_table(answer, request, *route, format, response))
            return to_response(problem(500, "internal", "Không lập được bảng.", "The table cannot be made."), request,
                               nullptr);
    } else {
        if (answer.list) {
            auto items = answer.list->paged ? std::move(answer.list->items)
                                            : slice(std::move(answer.list->items), page_of(request));
            auto body = std::move(answer.list->extra);
            body["items"] = std::move(items);
            body["total"] = answer.list->total;
            answer.body = std::move(body);
        }
        response.with("Content-Type", "application/json; charset=utf-8");
        response.body = json::serialize(answer.body);
    }
    if (response.body.size() > worth_compressing && http::accepts_coding(request.header("accept-encoding"), "gzip"))
        if (auto packed = http::gzip(response.body)) {
            response.with("Content-Encoding", "gzip").with("Vary", "Accept-Encoding");
            response.body = std::move(*packed);
        }
    return response;
}

http::Response plain(int status, std::string body, std::string type = "text/plain; charset=utf-8") {
    http::Response response;
    response.status = status;
    response.with("Content-Type", std::move(type)).with("Cache-Control", "no-store");
    response.body = std::move(body);
    return response;
}

}  // namespace

struct Api::Impl {
    Impl(asio::io_context& context, Core& the_core, auth::Accounts accounts, Options options)
        : io(context), core(the_core), live(context), files(options.web_root), timer(context) {
        state->accounts = std::move(accounts);
        state->authority_fingerprint = std::move(options.authority_fingerprint);
    }

    asio::io_context& io;
    Core& core;
    Live live;
    http::StaticFiles files;
    asio::steady_timer timer;
    asio::thread_pool pool{1};  // passwords
    int password_checks = 0;    // network thread
    bool stopping = false;
    std::string nobodys_hash;  // checked for unknown users, so that they take as long

    // These two belong to the pipeline thread.
    std::shared_ptr<State> state = std::make_shared<State>();
    std::shared_ptr<Publisher> publisher = std::make_shared<Publisher>();

    // For run(): figures of the last look.
    std::uint64_t last_samples = 0, last_failures = 0;
    Time last_look{};
    std::string refused_register;  // told once, not every second

    // Runs work() on the password thread and comes back here with what it gave.
    template <class F>
    auto beside(F work) -> asio::awaitable<std::invoke_result_t<F&>> {
        using R = std::invoke_result_t<F&>;
        const auto here = asio::prefer(co_await asio::this_coro::executor, asio::execution::outstanding_work.tracked);
        auto initiate = [this, here](auto handler, F job) {  // named: see Core::ask
            asio::post(pool, [here, handler = std::move(handler), job = std::move(job)]() mutable {
                asio::post(here, [handler = std::move(handler), result = job()]() mutable {
                    std::move(handler)(std::move(result));
                });
            });
        };
        co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(R)>(
            std::move(initiate), asio::use_awaitable, std::move(work));
    }

    void publish(std::vector<LiveEntry> entries) {  // any thread
        if (entries.empty()) return;
        asio::post(io, [this, entries = std::move(entries)]() mutable {
            for (auto& entry : entries)
                live.publish(std::move(entry.name), std::move(entry.data), std::move(entry.unit));
        });
    }

    asio::awaitable<http::Response> api(const http::Request& request);
    asio::awaitable<http::Response> call(const http::Request& request, const Match& matched, std::string password_hash);
    asio::awaitable<std::optional<Answer>> objection_to(std::string user, std::string password, std::string address);
    asio::awaitable<http::Response> sign_in(const http::Request& request);
    asio::awaitable<http::Response> hash_first(const http::Request& request, const Match& matched);
    asio::awaitable<http::Response> open_live(const http::Request& request, const Route& route);
    asio::awaitable<http::Response> metrics(const http::Request& request);
    void look(Pipeline& pipeline);
};

asio::awaitable<http::Response> Api::Impl::call(const http::Request& request, const Match& matched,
                                                std::string password_hash) {
    auto work = [&, kept = state](Pipeline& pipeline) -> Answer {
        const auto now = pipeline.clock().wall();
        auto who = identify(*kept, pipeline, request, now);
        if (auto* refusal = std::get_if<Answer>(&who)) return std::move(*refusal);
        auto& principal = std::get<auth::Principal>(who);
        if (auto closed = objection(*matched.route, principal, request)) return std::move(*closed);
        Call one{request, matched.path, principal, pipeline, *kept, now, std::move(password_hash)};
        return matched.route->handler(one);
    };
    auto answered = co_await core.ask(std::move(work));
    if (answered.list && request.parameter("format") == "xlsx") {  // a workbook takes its time
        auto write = [&] { return to_response(std::move(answered), request, matched.route); };
        co_return co_await beside(std::move(write));
    }
    co_return to_response(std::move(answered), request, matched.route);
}

asio::awaitable<http::Response> Api::Impl::hash_first(const http::Request& request, const Match& matched) {
    std::string user;
    auto check = [&, kept = state](Pipeline& pipeline) -> std::optional<Answer> {
        auto who = identify(*kept, pipeline, request, pipeline.clock().wall());
        if (auto* refusal = std::get_if<Answer>(&who)) return std::move(*refusal);
        user = std::get<auth::Principal>(who).user;
        return objection(*matched.route, std::get<auth::Principal>(who), request);
    };
    if (auto closed = co_await core.ask(std::move(check))) co_return to_response(std::move(*closed), request, nullptr);
    const auto body = body_of(request);
    const auto password = body ? text_field(*body, "password") : std::string();
    // Who finds a browser that was left signed in does not get the account with it.
    if (matched.route->special == Special::own_password) {
        const auto current = body ? text_field(*body, "current") : std::string();
        auto refusal = co_await objection_to(user, current.substr(0, 1024), request.from.to_string());
        if (refusal && refusal->status == 401)
            refusal =
                problem(403, "wrong_password", "Mật khẩu hiện tại không đúng.", "The current password is not right.");
        if (refusal) co_return to_response(std::move(*refusal), request, nullptr);
    }
    if (password_checks >= most_password_checks) co_return to_response(busy(), request, nullptr);
    ++password_checks;
    auto work = [password] { return crypto::hash_password(password.substr(0, 1024)); };
    auto hash = co_await beside(std::move(work));
    --password_checks;
    if (!hash) co_return to_response(failed(hash.error()), request, nullptr);
    co_return co_await call(request, matched, std::move(*hash));
}

// Nothing when the password is the user's, else the refusal. Each failure makes the next attempt wait longer; success
// is told to the throttle by the caller, in the call that goes on.
asio::awaitable<std::optional<Answer>> Api::Impl::objection_to(std::string user, std::string password,
                                                               std::string address) {
    if (password_checks >= most_password_checks) co_return busy();
    struct Asked {
        std::optional<Millis> wait;
        std::string hash;
    };
    auto ask = [&, kept = state](Pipeline& pipeline) -> Asked {
        const auto now = pipeline.clock().wall();
        auto& throttle = kept->accounts.throttle();
        if (auto wait = throttle.wait(user, address, now)) return {wait, {}};
        throttle.failed(user, address, now);
        const auto* found = kept->accounts.user(user);
        return {std::nullopt, found != nullptr ? found->password_hash : nobodys_hash};
    };
    const Asked asked = co_await core.ask(std::move(ask));
    if (asked.wait) {
        auto slow_down = problem(429, "slow_down", "Sai mật khẩu nhiều lần; hãy chờ rồi thử lại.",
                                 "Too many wrong passwords; wait and try again.");
        slow_down.headers.emplace_back("Retry-After", std::to_string(asked.wait->count() / 1000 + 1));
        co_return slow_down;
    }
    ++password_checks;
    auto verify = [hash = asked.hash, password] { return crypto::verify_password(hash, password); };
    const bool right = co_await beside(std::move(verify));
    --password_checks;
    if (right) co_return std::nullopt;
    log::warning("api", "a wrong password for '" + http::printable(user) + "' from " + address);
    co_return problem(401, "wrong_password", "Tên đăng nhập hoặc mật khẩu không đúng.",
                      "The user name or the password is not right.");
}

asio::awaitable<http::Response> Api::Impl::sign_in(const http::Request& request) {
    const auto body = body_of(request);
    const auto user = body ? text_field(*body, "user") : std::string();
    const auto password = body ? text_field(*body, "password") : std::string();
    if (user.empty() || user.size() > 64 || password.size() > 1024)
        co_return to_response(
            problem(400, "malformed", "Cần tên đăng nhập và mật khẩu.", "A user name and a password are needed."),
            request, nullptr);
    const auto address = request.from.to_string();
    if (auto refusal = co_await objection_to(user, password, address))
        co_return to_response(std::move(*refusal), request, nullptr);
    auto open = [&, kept = state](Pipeline& pipeline) -> Answer {
        kept->accounts.throttle().succeeded(user, address);
        const auto* found = kept->accounts.user(user);
        if (found == nullptr) return not_found("tài khoản", "user");
        auto opened = kept->accounts.open_session(pipeline.store(), user, pipeline.clock().wall());
        if (!opened) return failed(opened.error());
        auto out = api::answer(json::object{{"user", user},
                                            {"role", auth::to_string(found->role)},
                                            {"unit", or_null(found->unit)},
                                            {"csrf", opened->csrf},
                                            {"must_change_password", found->must_change}});
        out.headers.emplace_back("Set-Cookie", std::string(session_cookie) + "=" + opened->secret +
                                                   "; Path=/; HttpOnly; Secure; SameSite=Strict");
        return out;
    };
    auto opened = co_await core.ask(std::move(open));
    co_return to_response(std::move(opened), request, nullptr);
}

asio::awaitable<http::Response> Api::Impl::open_live(const http::Request& request, const Route& route) {
    if (live.listeners() >= most_listeners) co_return to_response(busy(), request, nullptr);
    struct Opened {
        std::optional<Answer> closed;
        std::optional<std::set<std::string>> units;  // nothing: all
        std::string hello;
    };
    auto work = [&, kept = state](Pipeline& pipeline) -> Opened {
        const auto now = pipeline.clock().wall();
        Opened out;
        auto who = identify(*kept, pipeline, request, now);
        if (auto* refusal = std::get_if<Answer>(&who)) return {std::move(*refusal), {}, {}};
        const auto& principal = std::get<auth::Principal>(who);
        out.closed = objection(route, principal, request);
        out.hello = json::serialize(json::object{{"now", iso(now)}, {"version", VONGGAC_VERSION}});
        if (principal.role == auth::Role::officer) {
            out.units.emplace();
            for (const auto& unit : pipeline.reg().units)
                if (pipeline.reg().is_within(unit.code, principal.unit)) out.units->insert(unit.code);
        }
        return out;
    };
    auto opened = co_await core.ask(std::move(work));
    if (opened.closed) co_return to_response(std::move(*opened.closed), request, nullptr);
    http::Response response;
    response.with("Content-Type", "text/event-stream; charset=utf-8").with("Cache-Control", "no-store");
    Live::Filter filter;
    if (opened.units)
        filter = [units = std::move(*opened.units)](const LiveEntry& entry) { return units.contains(entry.unit); };
    response.streaming =
        live.stream(std::string(request.header("last-event-id")), std::move(filter), std::move(opened.hello));
    co_return response;
}

asio::awaitable<http::Response> Api::Impl::metrics(const http::Request& request) {
    struct Read {
        std::optional<Answer> closed;
        GaugesNow now;
    };
    auto work = [&, kept = state](Pipeline& pipeline) -> Read {
        Read out;
        if (!request.from.is_loopback()) {
            auto who = identify(*kept, pipeline, request, pipeline.clock().wall());
            if (auto* refusal = std::get_if<Answer>(&who)) return {std::move(*refusal), {}};
        }
        out.now = gauges(pipeline);
        out.now.samples_per_s = kept->samples_per_s;
        return out;
    };
    auto read = co_await core.ask(std::move(work));
    if (read.closed) co_return to_response(std::move(*read.closed), request, nullptr);
    read.now.listeners = live.listeners();
    co_return plain(200, metrics_text(core.counters(), read.now), "text/plain; version=0.0.4; charset=utf-8");
}

asio::awaitable<http::Response> Api::Impl::api(const http::Request& request) {
    const auto matched = match(request.method, std::string_view(request.raw_path).substr(base.size()));
    if (matched.route == nullptr && matched.path_exists) {
        auto wrong =
            problem(405, "method_not_allowed", "Không hỗ trợ thao tác này.", "This method is not supported here.");
        wrong.headers.emplace_back("Allow", matched.allow);
        co_return to_response(std::move(wrong), request, nullptr);
    }
    if (matched.route == nullptr) co_return to_response(not_found("địa chỉ", "path"), request, nullptr);
    if (request.method != "GET" && request.header("sec-fetch-site") == "cross-site")
        co_return to_response(
            problem(403, "cross_site", "Yêu cầu đến từ trang khác.", "The request comes from another site."), request,
            nullptr);
    switch (matched.route->special) {
        case Special::none: co_return co_await call(request, matched, {});
        case Special::sign_in: co_return co_await sign_in(request);
        case Special::own_password:
        case Special::hash_password: co_return co_await hash_first(request, matched);
        case Special::live: co_return co_await open_live(request, *matched.route);
        case Special::document: co_return plain(200, std::string(openapi_yaml()), "application/yaml; charset=utf-8");
    }
    co_return to_response(not_found("địa chỉ", "path"), request, nullptr);
}

// Once a second, on the pipeline thread.
void Api::Impl::look(Pipeline& pipeline) {
    const auto now = pipeline.clock().wall();
    const auto samples = core.counters().samples.load(), failures = core.counters().commit_failures.load();
    if (last_look != Time{} && now > last_look) {
        const double rate =
            static_cast<double>(samples - last_samples) * 1000.0 / static_cast<double>((now - last_look).count());
        state->samples_per_s = 0.8 * state->samples_per_s + 0.2 * rate;
        state->store_failing = failures > last_failures;
    }
    last_look = now;
    last_samples = samples;
    last_failures = failures;
    publish(publisher->flush(pipeline));

    if (auto users = state->accounts.refresh_users(pipeline.store()); !users) state->store_failing = true;
    const auto latest = registry::latest_version(pipeline.store());
    if (!latest || latest->empty() || *latest == pipeline.reg().version || *latest == refused_register) return;
    auto reg = registry::load_latest(pipeline.store());
    auto put = reg ? pipeline.put_register(*reg) : Result<void>(reg.error());
    if (!put) {
        refused_register = *latest;
        return log::error("api", "register " + *latest + " is not in force, the old one stays: " + put.error().message);
    }
    log::info("api", "register " + *latest + " is in force");
}

Api::Api(asio::io_context& io, Core& core, auth::Accounts accounts, Options options)
    : impl_(std::make_shared<Impl>(io, core, std::move(accounts), std::move(options))) {
    if (auto hash = crypto::hash_password(crypto::random_text(20))) impl_->nobodys_hash = *hash;
    core.post([impl = std::weak_ptr<Impl>(impl_)](Pipeline& pipeline) {
        pipeline.on_change([impl](Pipeline& from, const Changes& changes) {
            const auto here = impl.lock();
            if (!here) return;
            here->publisher->gather(changes);
            here->publish(here->publisher->gaps(from, changes));
        });
    });
}
Api::~Api() = default;

std::size_t Api::max_body(const http::Request& head) const {
    // Only those who show something like a credential may send much; whether it is good is found out afterwards.
    const bool shows = !head.header("authorization").empty() || !head.cookie(session_cookie).empty();
    return shows && head.path == "/api/v1/register" ? register_body : small_body;
}

asio::awaitable<http::Response> Api::answer(const http::Request& request) {
    if (request.path == "/-/healthy") co_return plain(200, "healthy\n");
    if (request.path == "/-/ready") {
        auto work = [](Pipeline&) { return true; };
        co_await impl_->core.ask(work);
        co_return plain(200, "ready\n");
    }
    if (request.path == "/metrics") co_return co_await impl_->metrics(request);
    if (request.raw_path.starts_with("/api/")) {
        if (request.raw_path.starts_with("/api/v1/")) co_return co_await impl_->api(request);
        co_return to_response(not_found("địa chỉ", "path"), request, nullptr);
    }
    co_return impl_->files.answer(request);
}

asio::awaitable<void> Api::run() {
    const auto impl = impl_;
    while (!impl->stopping) {
        impl->timer.expires_after(std::chrono::seconds(1));
        boost::system::error_code ec;
        co_await impl->timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        if (impl->stopping) break;
        auto work = [impl](Pipeline& pipeline) {
            impl->look(pipeline);
            return true;
        };
        co_await impl->core.ask(std::move(work));
    }
}

void Api::stop() {
    impl_->stopping = true;
    impl_->timer.cancel();
    impl_->live.stop();
}

}  // namespace vg::collector::api
