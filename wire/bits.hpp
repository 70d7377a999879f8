#pragma once
// Bits in little-endian order, the lowest bit of a byte first (docs/wire.md §5). Reading past the end gives zeros; the
// caller compares position() with what was there, once. Stack objects over somebody else's memory.

#include "base/bytes.hpp"

#include <bit>

namespace vg::wire {

constexpr std::uint64_t low_bits(unsigned width) { return width >= 64 ? ~0ULL : (1ULL << width) - 1; }

// Written so that compilers make one load of it.
inline std::uint64_t load_le64(const std::uint8_t* at) {
    std::uint64_t value;
    std::memcpy(&value, at, 8);
    if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
    return value;
}

class BitWriter {
public:
    explicit BitWriter(Writer& out) : out_(out) {}
    void put(std::uint64_t value, unsigned width) {
        if (width == 0) return;
        value &= low_bits(width);
        waiting_ |= value << fill_;
        if (fill_ + width < 64) {
            fill_ += width;
            return;
        }
        out_.fixed64(waiting_);
        waiting_ = fill_ == 0 ? 0 : value >> (64 - fill_);
        fill_ = fill_ + width - 64;
        if (fill_ == 0) waiting_ = 0;
    }
    void finish() {  // fills the last byte with zeros
        for (unsigned done = 0; done < fill_; done += 8) out_.u8(static_cast<std::uint8_t>(waiting_ >> done));
        waiting_ = 0;
        fill_ = 0;
    }

private:
    Writer& out_;
    std::uint64_t waiting_ = 0;
    unsigned fill_ = 0;
};

class BitReader {
public:
    explicit BitReader(ByteView in) : in_(in) {}
    [[nodiscard]] std::uint64_t peek() const {  // at least 57 bits are right
        const std::size_t byte = at_ >> 3;
        if (byte + 8 <= in_.size()) [[likely]]
            return load_le64(in_.data() + byte) >> (at_ & 7);
        std::uint64_t value = 0;
        for (std::size_t i = byte; i < in_.size(); ++i) value |= static_cast<std::uint64_t>(in_[i]) << (8 * (i - byte));
        return value >> (at_ & 7);
    }
    void skip(unsigned width) { at_ += width; }
    std::uint64_t get(unsigned width) {  // up to 64
        if (width > 56) {
            const auto low = get(32);
            return low | (get(width - 32) << 32);
        }
        const auto value = peek() & low_bits(width);
        skip(width);
        return value;
    }
    [[nodiscard]] bool ran_over() const { return used_bytes() > in_.size(); }
    [[nodiscard]] std::size_t used_bytes() const { return (at_ + 7) / 8; }

private:
    ByteView in_;
    std::size_t at_ = 0;  // in bits
};

}  // namespace vg::wire
