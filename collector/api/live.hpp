#pragma once
// Server-sent events (WHATWG HTML §9.2): what changed, to everybody who looks. Entries are numbered; a client that
// comes back with Last-Event-ID gets what it missed from a bounded replay buffer, or `resync` when that is too long
// ago. Owned by the API, used on the network thread only; the core posts to it.

#include "collector/http/message.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <list>
#include <memory>
#include <string>

namespace vg::collector::api {

namespace asio = boost::asio;

struct LiveEntry {
    std::uint64_t id = 0;
    std::string name;  // gap, site, agent
    std::string data;  // one line of JSON
    std::string unit;  // whose it is: an officer sees own units only; empty: everybody's
};

class Live {
public:
    explicit Live(asio::io_context& io, std::size_t replay = 2000);
    ~Live();

    void publish(std::string name, std::string data, std::string unit);
    void stop();  // ends every stream

    // `last_seen` is the Last-Event-ID as sent, or empty. The filter says what the listener may see.
    using Filter = std::function<bool(const LiveEntry&)>;
    [[nodiscard]] http::Streaming stream(std::string last_seen, Filter filter, std::string hello);
    [[nodiscard]] std::size_t listeners() const;

    struct State;

private:
    std::shared_ptr<State> state_;
};

}  // namespace vg::collector::api
