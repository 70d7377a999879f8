#include "collector/api/api.hpp"

#include "base/log.hpp"
#include "collector/api/access.hpp"
#include "collector/api/api_state.hpp"
#include "collector/api/metrics.hpp"
#include "collector/api/parameters.hpp"
#include "collector/api/response.hpp"
#include "collector/register/versions.hpp"

#include <boost/asio/redirect_error.hpp>

namespace vg::collector::api {
namespace {

constexpr std::string_view base = "/api/v1";
constexpr std::size_t small_body = 64 * 1024;
constexpr std::size_t register_body = 4 * 1024 * 1024;
constexpr std::size_t most_listeners = 1000;
constexpr std::size_t long_table = 1000;  // rows

bool takes_time(const Answer& answered, const http::Request& request) {
    if (!answered.list || !is_table(request)) return false;
    return request.parameter("format") == "xlsx" || answered.list->items.size() > long_table;
}

}  // namespace

asio::awaitable<http::Response> Api::Impl::call(const http::Request& request, const Match& matched,
                                                std::string password_hash) {
    auto work = [&, kept = state](Pipeline& pipeline) -> Answer {
        const auto now = pipeline.clock().wall();
        auto who = identify(*kept, pipeline, request, now);
        if (auto* refusal = std::get_if<Answer>(&who)) return std::move(*refusal);
        auto& principal = std::get<auth::Principal>(who);
        if (auto closed = objection(*matched.route, principal, request)) return std::move(*closed);
        Call one{request, matched.path, principal, pipeline, *kept, now, std::move(password_hash)};
        if (auto wrong = objection_to_query(one, *matched.route)) return std::move(*wrong);
        return matched.route->handler(one);
    };
    auto answered = co_await core.ask(std::move(work));
    if (takes_time(answered, request)) {
        auto write = [&] { return to_response(std::move(answered), request, matched.route); };
        co_return co_await beside(std::move(write));
    }
    co_return to_response(std::move(answered), request, matched.route);
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
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (reads && request.path == "/-/healthy") co_return plain(200, "healthy\n");
    if (reads && request.path == "/-/ready") {
        auto work = [](Pipeline&) { return true; };
        co_await impl_->core.ask(work);
        co_return plain(200, "ready\n");
    }
    if (reads && request.path == "/metrics") co_return co_await impl_->metrics(request);
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
