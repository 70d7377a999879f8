#pragma once
// Big-endian reader over a frame that fails for good when it runs over the end: a dissector reads on and asks ok()
// once. The bytes must outlive it. Pure; any thread.

#include "base/bytes.hpp"

namespace vg::probes::lan::dissect {

class Cursor {
public:
    explicit Cursor(ByteView bytes) : bytes_(bytes) {}
    std::uint8_t u8() { return need(1) ? bytes_[at_++] : std::uint8_t{0}; }
    std::uint16_t u16() {
        if (!need(2)) return 0;
        at_ += 2;
        return static_cast<std::uint16_t>((bytes_[at_ - 2] << 8) | bytes_[at_ - 1]);
    }
    std::uint32_t u32() {
        const std::uint32_t high = u16();
        return (high << 16) | u16();
    }
    ByteView take(std::size_t n) {
        if (!need(n)) return {};
        at_ += n;
        return bytes_.subspan(at_ - n, n);
    }
    void skip(std::size_t n) { (void)take(n); }
    // What is left, at most n: for a field that a short snap length may have cut.
    ByteView take_up_to(std::size_t n) { return take(n < left() ? n : left()); }
    ByteView rest() { return take(left()); }
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }

private:
    bool need(std::size_t n) {
        if (!ok_ || n > bytes_.size() - at_) ok_ = false;
        return ok_;
    }
    ByteView bytes_;
    std::size_t at_ = 0;
    bool ok_ = true;
};

inline std::uint16_t be16(ByteView two) { return Cursor(two).u16(); }
inline std::uint32_t be32(ByteView four) { return Cursor(four).u32(); }

}  // namespace vg::probes::lan::dissect
