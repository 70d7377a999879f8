#pragma once
// Keeps a session with the collector for as long as the agent lives: connects, and after each end waits as the reason
// of the end asks for. Owned by the agent; on its one thread.

#include "agent/config.hpp"
#include "agent/identity.hpp"
#include "agent/session.hpp"

namespace vg::agent {

struct LinkOptions {
    HostPort collector;
    std::string server_name;
    Millis first_wait{1000};  // back-off after a failure
    Millis longest_wait{60'000};
};

class Link {
public:
    // `identity` gives the present one; a renewal changes it.
    Link(asio::io_context& io, LinkOptions options, SessionHost& host, std::function<const Identity&()> identity);
    ~Link();

    [[nodiscard]] asio::awaitable<void> run();  // until stop()
    void stop(std::string reason, Millis patience);

    void wake();          // something to send
    void line_changed();  // the active line is another one now: try at once
    void apply_manner();
    [[nodiscard]] bool is_connected() const;  // a connection to the collector stands

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

// How long to wait after an end, before jitter; zero: the ordinary back-off. A refusal that only a person can lift is
// tried again seldom.
[[nodiscard]] Millis wait_after(const SessionEnd& end);
// What a person has to do about a refusal, in Vietnamese and English; empty: nothing.
[[nodiscard]] std::string advice_for(wire::RefuseCode code);

// A TCP connection to the first address of the name that answers.
[[nodiscard]] asio::awaitable<Result<asio::ip::tcp::socket>> dial(asio::io_context& io, const HostPort& to,
                                                                  tls::Deadline deadline);

}  // namespace vg::agent
