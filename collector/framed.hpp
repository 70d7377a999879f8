#pragma once
// Frames over one TLS stream with this side's limits and deadlines: what session and enrolment share. Belongs to one
// reading coroutine; on the io thread.

#include "base/tls.hpp"
#include "collector/counters.hpp"
#include "wire/frame.hpp"
#include "wire/limits.hpp"
#include "wire/messages.hpp"

#include <memory>
#include <optional>
#include <span>
#include <variant>

namespace vg::collector {

namespace asio = boost::asio;

struct FrameLimits {
    std::chrono::seconds hello{10};  // to the whole first frame
    std::chrono::seconds frame{30};  // from a frame's first byte to its last
    std::chrono::minutes idle{30};   // between frames
    std::chrono::seconds write{60};
    std::chrono::milliseconds linger{1000};  // for the other side to read a refusal
    // That wait for the pipeline or are in its hands, of all sessions; beyond it agents keep what they have.
    std::uint64_t waiting_bytes = 256 * 1024 * 1024;
    std::chrono::milliseconds overloaded_rest{5000};  // what they are told to wait then
};

// Why reading ended: a refusal to be sent, or nothing when the other side has gone.
struct ReadEnd {
    std::optional<wire::Refuse> refuse;
};
using FrameOrEnd = std::variant<wire::Frame, ReadEnd>;

class FramedReader {
public:
    FramedReader(tls::Stream& stream, const FrameLimits& limits, Counters& counters)
        : stream_(stream), limits_(limits), counters_(counters), parser_(wire::limits::max_frame_before_login) {}

    void logged_in() { parser_.set_limit(wire::limits::max_frame); }
    // `scratch` is free again when this returns; it may be shared by all readers of the thread, because nothing else
    // runs between filling and parsing it.
    [[nodiscard]] asio::awaitable<FrameOrEnd> next(std::span<std::uint8_t> scratch, bool first);

private:
    [[nodiscard]] ReadEnd broken() const;

    tls::Stream& stream_;
    const FrameLimits& limits_;
    Counters& counters_;
    wire::FrameParser parser_;
};

[[nodiscard]] wire::Refuse refusal(wire::RefuseCode code, std::string sentence, std::uint32_t retry_after_ms = 0);

// Writes the last words, waits a moment until the other side has read them, closes.
[[nodiscard]] asio::awaitable<void> say_and_close(tls::Stream& stream, Bytes words, FrameLimits limits);

}  // namespace vg::collector
