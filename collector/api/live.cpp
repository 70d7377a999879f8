#include "collector/api/live.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace vg::collector::api {

using Steady = std::chrono::steady_clock;

struct Live::State {
    explicit State(asio::io_context& context, std::size_t replay_size) : io(context), replay(replay_size) {}
    asio::io_context& io;
    std::size_t replay;
    std::string run = crypto::random_text(8);  // numbers of another run of the collector mean nothing here
    std::deque<LiveEntry> entries;             // consecutive ids
    std::uint64_t next = 1;
    std::list<asio::steady_timer> waiting;
    std::size_t listeners = 0;
    bool stopped = false;

    void wake() {
        for (auto& timer : waiting) timer.cancel();
    }
    [[nodiscard]] std::uint64_t oldest() const { return next - entries.size(); }

    // Where a listener that has seen `last` goes on; nothing when it missed more than is kept.
    [[nodiscard]] std::optional<std::uint64_t> resume(std::string_view last) const {
        const auto dot = last.find('.');
        if (dot == std::string_view::npos || last.substr(0, dot) != run) return std::nullopt;
        const auto seen = to_number<std::uint64_t>(last.substr(dot + 1));
        if (!seen || *seen >= next || *seen + 1 < oldest()) return std::nullopt;
        return *seen + 1;
    }
};

namespace {

constexpr auto heartbeat = std::chrono::seconds(15);
constexpr auto write_deadline = std::chrono::seconds(30);
constexpr std::size_t chunk = 64 * 1024;

struct Listener {  // counts itself
    explicit Listener(std::size_t& count) : count_(count) { ++count_; }
    ~Listener() { --count_; }
    Listener(const Listener&) = delete;
    std::size_t& count_;
};

}  // namespace

// Entries from `cursor` on as text, at most about a chunk; moves the cursor.
static std::string gather(const Live::State& state, std::uint64_t& cursor, const Live::Filter& filter) {
    std::string out;
    while (cursor < state.next && out.size() < chunk) {
        const auto& entry = state.entries[static_cast<std::size_t>(cursor - state.oldest())];
        ++cursor;
        if (filter && !filter(entry)) continue;
        out += "id: " + state.run + "." + std::to_string(entry.id) + "\nevent: " + entry.name +
               "\ndata: " + entry.data + "\n\n";
    }
    return out;
}

static asio::awaitable<void> wait(Live::State& state) {
    state.waiting.emplace_back(state.io, heartbeat);
    const auto mine = std::prev(state.waiting.end());
    boost::system::error_code ec;
    co_await mine->async_wait(asio::redirect_error(asio::use_awaitable, ec));
    state.waiting.erase(mine);
}

static asio::awaitable<void> run(std::shared_ptr<Live::State> state, std::string last_seen, Live::Filter filter,
                                 std::string hello, tls::Stream& stream) {
    const Listener listener(state->listeners);
    std::string text = "retry: 3000\nevent: hello\ndata: " + hello + "\n\n";
    const auto resumed = state->resume(last_seen);
    if (!last_seen.empty() && !resumed) text += "event: resync\ndata: {}\n\n";
    std::uint64_t cursor = resumed.value_or(state->next);
    while (!state->stopped) {
        if (cursor < state->oldest()) {  // too slow a reader: it starts anew
            text += "event: resync\ndata: {}\n\n";
            cursor = state->next;
        }
        text += gather(*state, cursor, filter);
        if (!text.empty() && !co_await stream.write_all(view_of(text), Steady::now() + write_deadline)) co_return;
        text.clear();
        if (cursor < state->next || state->stopped) continue;
        co_await wait(*state);
        if (cursor == state->next) text = ": \n\n";
    }
}

Live::Live(asio::io_context& io, std::size_t replay) : state_(std::make_shared<State>(io, replay)) {}
Live::~Live() { stop(); }

void Live::publish(std::string name, std::string data, std::string unit) {
    state_->entries.push_back({state_->next++, std::move(name), std::move(data), std::move(unit)});
    if (state_->entries.size() > state_->replay) state_->entries.pop_front();
    state_->wake();
}

void Live::stop() {
    state_->stopped = true;
    state_->wake();
}

http::Streaming Live::stream(std::string last_seen, Filter filter, std::string hello) {
    return [state = state_, last = std::move(last_seen), filter = std::move(filter),
            hello = std::move(hello)](tls::Stream& stream) { return run(state, last, filter, hello, stream); };
}

std::size_t Live::listeners() const { return state_->listeners; }

}  // namespace vg::collector::api
