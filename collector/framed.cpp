#include "collector/framed.hpp"

#include <algorithm>
#include <array>

namespace vg::collector {

using std::chrono::steady_clock;

wire::Refuse refusal(wire::RefuseCode code, std::string sentence, std::uint32_t retry_after_ms) {
    return {.code = code, .sentence = std::move(sentence), .seq = std::nullopt, .retry_after_ms = retry_after_ms};
}

ReadEnd FramedReader::broken() const {
    switch (parser_.fault()) {
        case wire::FrameFault::oversized:
            return {refusal(wire::RefuseCode::oversized_frame, "the frame is longer than allowed now")};
        case wire::FrameFault::unknown_type:
            return {refusal(wire::RefuseCode::unknown_message, "this kind of frame is not known here")};
        case wire::FrameFault::none:
        case wire::FrameFault::malformed: break;
    }
    return {refusal(wire::RefuseCode::malformed_frame, "the frame cannot be read")};
}

asio::awaitable<FrameOrEnd> FramedReader::next(std::span<std::uint8_t> scratch, bool first) {
    const auto begun = steady_clock::now();
    auto frame_deadline = begun + (first ? limits_.hello : limits_.frame);
    bool inside = first || parser_.buffered() > 0;
    for (;;) {
        auto frame = parser_.next();
        if (!frame) co_return broken();
        if (*frame) {
            counters_.frames_in++;
            co_return std::move(**frame);
        }
        if (!inside && parser_.buffered() > 0) {
            inside = true;
            frame_deadline = steady_clock::now() + limits_.frame;
        }
        const auto deadline = inside ? frame_deadline : begun + limits_.idle;
        auto got = co_await stream_.read_some(scratch, deadline);
        if (!got) {
            if (got.error().code == Errc::timed_out && inside)
                co_return ReadEnd{refusal(wire::RefuseCode::too_slow, "the frame did not arrive in time")};
            co_return ReadEnd{};
        }
        counters_.bytes_in += *got;
        parser_.feed(scratch.first(*got));
    }
}

asio::awaitable<void> say_and_close(tls::Stream& stream, Bytes words, FrameLimits limits) {
    if (!words.empty()) {
        const auto written = co_await stream.write_all(words, steady_clock::now() + limits.write);
        boost::system::error_code ignored;
        if (written) stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        // Closing with unread input would reset the connection and take the words with it.
        const auto until = steady_clock::now() + limits.linger;
        std::array<std::uint8_t, 2048> rest{};
        for (std::size_t seen = 0; written && seen < (std::size_t{4} << 20);) {
            const auto got = co_await stream.read_some(rest, until);
            if (!got) break;
            seen += *got;
        }
    }
    stream.close();
}

}  // namespace vg::collector
