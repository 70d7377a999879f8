#pragma once
// One connection of an agent after the TLS handshake: reads frames, hands them to the core, writes what comes back. One
// coroutine reads; a second one lives only while there is something to write, so a resting session costs little more
// than its TLS state. Everything on the io thread. A session's failure ends that session and nothing else.

#include "collector/core.hpp"
#include "collector/framed.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace vg::collector {

class Session final : public Mailbox, public std::enable_shared_from_this<Session> {
public:
    Session(tls::Stream stream, ConnectionId id, Core& core, const FrameLimits& limits, std::span<std::uint8_t> scratch,
            Millis round_trip);

    // Until the agent goes, is refused, or stop(). Kept alive by its caller.
    [[nodiscard]] asio::awaitable<void> run();
    void stop();  // tells shutting_down and ends
    void deliver(std::vector<Reply> replies) override;

private:
    [[nodiscard]] std::optional<wire::Refuse> check_certificate() const;
    [[nodiscard]] asio::awaitable<std::optional<wire::Refuse>> login();
    [[nodiscard]] std::optional<wire::Refuse> take(wire::Frame frame);  // what it refuses ends the connection
    [[nodiscard]] std::optional<wire::Refuse> take_batch(const wire::Frame& frame);
    [[nodiscard]] asio::awaitable<void> wait_for_room();
    [[nodiscard]] asio::awaitable<void> finish(std::optional<wire::Refuse> last_word);
    [[nodiscard]] asio::awaitable<void> pump();
    template <class T>
    void submit(T what, std::size_t bytes);
    [[nodiscard]] bool is_overloaded() const;
    [[nodiscard]] wire::Refuse overloaded() const;
    void settled(std::uint64_t seq);
    void start_pump();
    void wake();

    tls::Stream stream_;
    ConnectionId id_;
    Core& core_;
    const FrameLimits& limits_;
    std::span<std::uint8_t> scratch_;
    Millis round_trip_;
    FramedReader reader_;

    Bytes outbox_;
    bool pumping_ = false;
    bool welcome_ = false;
    bool opened_ = false;  // the pipeline knows of this connection
    std::string bye_;
    std::optional<wire::Refuse> last_word_;                         // from outside of the reading coroutine
    std::vector<std::pair<std::uint64_t, std::size_t>> in_flight_;  // batches without an answer, their size
    std::size_t in_flight_bytes_ = 0;
    std::optional<std::uint64_t> refused_;         // for want of room: what was sent after it has to wait for it
    std::unique_ptr<asio::steady_timer> waiting_;  // for a welcome, for room, for the pump to end
};

}  // namespace vg::collector
