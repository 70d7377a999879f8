#include "wire/frame.hpp"

#include <algorithm>

namespace vg::wire {
namespace {

constexpr std::size_t max_length_bytes = 4;
constexpr std::size_t worth_keeping = 4096;  // a resting session of ten thousand keeps no larger buffer

bool is_known(std::uint8_t type) {
    return (type >= static_cast<std::uint8_t>(FrameType::hello) &&
            type <= static_cast<std::uint8_t>(FrameType::renew)) ||
           (type >= static_cast<std::uint8_t>(FrameType::welcome) &&
            type <= static_cast<std::uint8_t>(FrameType::pulse));
}

}  // namespace

void append_frame(FrameType type, ByteView payload, Bytes& out) {
    Writer writer(out);
    writer.varint(payload.size() + 1);
    writer.u8(static_cast<std::uint8_t>(type));
    writer.bytes(payload);
}

void FrameParser::feed(ByteView data) {
    if (fault_ != FrameFault::none) return;
    if (read_ == buffer_.size()) {
        buffer_.clear();
        read_ = 0;
        if (buffer_.capacity() > worth_keeping) buffer_.shrink_to_fit();
    } else if (read_ > buffer_.size() / 2) {
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(read_));
        read_ = 0;
    }
    buffer_.insert(buffer_.end(), data.begin(), data.end());
}

Error FrameParser::give_up(FrameFault fault, Text sentence) {
    fault_ = fault;
    Bytes().swap(buffer_);
    read_ = 0;
    return fail(Errc::invalid_input, std::move(sentence));
}

Result<std::optional<Frame>> FrameParser::next() {
    if (fault_ != FrameFault::none)
        return fail(Errc::invalid_input,
                    say({"khung tin: luồng tin đã hỏng từ trước", "frame: the stream already failed"}));
    const ByteView waiting = ByteView(buffer_).subspan(read_);
    std::size_t length = 0;
    std::size_t used = 0;
    for (bool more = true; more; ++used) {
        if (used == max_length_bytes)
            return give_up(FrameFault::malformed,
                           say({"khung tin: độ dài quá 4 byte", "frame: the length has more than 4 bytes"}));
        if (used == waiting.size()) return std::optional<Frame>{};
        length |= static_cast<std::size_t>(waiting[used] & 0x7f) << (7 * used);
        more = (waiting[used] & 0x80) != 0;
    }
    if (length == 0)
        return give_up(FrameFault::malformed, say({"khung tin: độ dài bằng 0", "frame: the length is zero"}));
    if (length > max_frame_)
        return give_up(FrameFault::oversized,
                       say({"khung tin: {} byte, lúc này chỉ được {}", "frame: {} bytes, {} are allowed now"}, length,
                           max_frame_));
    if (waiting.size() == used) return std::optional<Frame>{};
    if (!is_known(waiting[used]))
        return give_up(FrameFault::unknown_type,
                       say({"khung tin: không có loại {}", "frame: unknown type {}"}, int{waiting[used]}));
    if (waiting.size() - used < length) return std::optional<Frame>{};
    const auto payload = waiting.subspan(used + 1, length - 1);
    Frame frame{static_cast<FrameType>(waiting[used]), Bytes(payload.begin(), payload.end())};
    read_ += used + length;
    if (read_ == buffer_.size() && buffer_.capacity() > worth_keeping) {
        Bytes().swap(buffer_);
        read_ = 0;
    }
    return std::optional<Frame>(std::move(frame));
}

}  // namespace vg::wire
