#pragma once
// Bytes in and out: a growing Writer and a total Reader over somebody else's memory (the span must outlive it).
// Integers are little-endian base-128 varints (as in Protocol Buffers) unless the name says otherwise. A Reader that
// ran over its end or met a bad value stays failed: callers read on and check ok() once.

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vg {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

[[nodiscard]] inline ByteView view_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view text_of(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

constexpr std::uint64_t zigzag(std::int64_t v) {
    return (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t v) {
    return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1);
}

class Writer {
public:
    explicit Writer(Bytes& out) : out_(out) {}
    void u8(std::uint8_t v) { out_.push_back(v); }
    void fixed32(std::uint32_t v) { raw_le(v); }  // little-endian
    void fixed64(std::uint64_t v) { raw_le(v); }
    void f64(double v) {
        std::uint64_t bits;
        std::memcpy(&bits, &v, 8);
        raw_le(bits);
    }
    void varint(std::uint64_t v) {
        while (v >= 0x80) {
            out_.push_back(static_cast<std::uint8_t>(v | 0x80));
            v >>= 7;
        }
        out_.push_back(static_cast<std::uint8_t>(v));
    }
    void svarint(std::int64_t v) { varint(zigzag(v)); }
    void bytes(ByteView v) { out_.insert(out_.end(), v.begin(), v.end()); }
    void sized(ByteView v) {
        varint(v.size());
        bytes(v);
    }
    void text(std::string_view v) { sized(view_of(v)); }

private:
    template <class T>
    void raw_le(T v) {
        for (unsigned i = 0; i < sizeof v; ++i) out_.push_back(static_cast<std::uint8_t>(v >> (8 * i)));
    }
    Bytes& out_;
};

class Reader {
public:
    explicit Reader(ByteView in) : in_(in) {}
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] std::size_t left() const { return in_.size() - at_; }
    [[nodiscard]] bool done() const { return ok_ && left() == 0; }
    void set_failed() { ok_ = false; }

    [[nodiscard]] bool next_is(std::uint8_t byte) const { return ok_ && left() > 0 && in_[at_] == byte; }
    std::uint8_t u8() { return need(1) ? in_[at_++] : std::uint8_t{0}; }
    std::uint32_t fixed32() { return raw_le<std::uint32_t>(); }
    std::uint64_t fixed64() { return raw_le<std::uint64_t>(); }
    double f64() {
        const auto bits = raw_le<std::uint64_t>();
        double v;
        std::memcpy(&v, &bits, 8);
        return v;
    }
    std::uint64_t varint() {
        std::uint64_t v = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (!need(1)) return 0;
            const std::uint8_t b = in_[at_++];
            if (shift == 63 && b > 1) break;
            v |= static_cast<std::uint64_t>(b & 0x7f) << shift;
            if ((b & 0x80) == 0) return v;
        }
        ok_ = false;
        return 0;
    }
    std::int64_t svarint() { return unzigzag(varint()); }
    ByteView bytes(std::size_t n) {
        if (!need(n)) return {};
        const auto out = in_.subspan(at_, n);
        at_ += n;
        return out;
    }
    ByteView sized(std::size_t most) {
        const auto n = varint();
        if (n > most) {
            ok_ = false;
            return {};
        }
        return bytes(static_cast<std::size_t>(n));
    }
    std::string text(std::size_t most) { return std::string(text_of(sized(most))); }
    ByteView rest() { return bytes(left()); }

private:
    bool need(std::size_t n) {
        if (!ok_ || n > left()) {
            ok_ = false;
            return false;
        }
        return true;
    }
    template <class T>
    T raw_le() {
        if (!need(sizeof(T))) return 0;
        T v = 0;
        for (unsigned i = 0; i < sizeof(T); ++i) v |= static_cast<T>(in_[at_ + i]) << (8 * i);
        at_ += sizeof(T);
        return v;
    }
    ByteView in_;
    std::size_t at_ = 0;
    bool ok_ = true;
};

}  // namespace vg
