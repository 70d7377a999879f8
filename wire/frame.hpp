#pragma once
// Frames on the TLS stream (docs/wire.md §2): varint length of what follows (at most 4 bytes), one type byte,
// payload.
// FrameParser is fed whatever arrives and gives whole frames; it never holds more than the limit it was given. Pure.

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <optional>

namespace vg::wire {

enum class FrameType : std::uint8_t {
    // agent → collector
    hello = 1,
    batch = 2,
    heartbeat = 3,
    names = 4,
    bye = 5,
    enrol = 6,
    renew = 7,
    // collector → agent
    welcome = 65,
    ack = 66,
    assignment = 67,
    refuse = 68,
    certificate = 69,
    pulse = 70,
};

struct Frame {
    FrameType type{};
    Bytes payload;
};

void append_frame(FrameType type, ByteView payload, Bytes& out);

// Why the parser gave up, for the refusal that the other side gets.
enum class FrameFault : std::uint8_t { none, malformed, oversized, unknown_type };

class FrameParser {
public:
    explicit FrameParser(std::size_t max_frame) : max_frame_(max_frame) {}
    void set_limit(std::size_t max_frame) { max_frame_ = max_frame; }  // raised after login
    void feed(ByteView data);
    // A whole frame, nothing yet, or Error(invalid_input): too long, length zero, unknown type. After an error: close.
    [[nodiscard]] Result<std::optional<Frame>> next();
    [[nodiscard]] FrameFault fault() const { return fault_; }
    [[nodiscard]] std::size_t buffered() const { return buffer_.size() - read_; }

private:
    [[nodiscard]] Error give_up(FrameFault fault, Text sentence);

    std::size_t max_frame_;
    Bytes buffer_;
    std::size_t read_ = 0;
    FrameFault fault_ = FrameFault::none;
};

}  // namespace vg::wire
