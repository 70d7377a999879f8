#pragma once
// Reads a structure field by field and remembers the first field that failed, so that the error names what is wrong and
// at which offset. Like Reader it stays failed: decoders read on and ask once, at the end. Lives on the stack of one
// decode call; the bytes and the names outlive it.

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/limits.hpp"

#include <limits>
#include <string>

namespace vg::wire {

class FieldReader {
public:
    FieldReader(const char* structure, ByteView in) : structure_(structure), in_(in), size_(in.size()) {}

    std::uint64_t varint(const char* field, std::uint64_t most = std::numeric_limits<std::uint64_t>::max());
    std::int64_t svarint(const char* field);
    std::int64_t time_ms(const char* field);  // within limits::max_time_ms
    std::uint8_t u8(const char* field, std::uint8_t most = 255);
    std::string text(const char* field, std::size_t most = limits::max_text);
    ByteView bytes(const char* field, std::size_t n);
    double finite(const char* field);
    // How many items follow; each takes at least one byte, so the count is bounded by what is there, too.
    std::size_t count(const char* field, std::size_t most);

    void refuse(const char* field, const char* why);  // keeps the first
    void check(const char* field) {
        if (!in_.ok() && field_ == nullptr) refuse(field, "is cut short or malformed");
    }
    [[nodiscard]] bool ok() const { return field_ == nullptr; }
    [[nodiscard]] Reader& raw() { return in_; }  // after use: check()
    [[nodiscard]] std::size_t left() const { return in_.left(); }

    // Nothing may be left; the whole decode's verdict.
    [[nodiscard]] Result<void> finish();

private:
    const char* structure_;
    Reader in_;
    std::size_t size_;
    const char* field_ = nullptr;
    const char* why_ = nullptr;
    std::size_t offset_ = 0;
};

// What was read, if it was read well and to its end.
template <class M>
Result<M> finished(FieldReader& in, M message) {
    if (const auto verdict = in.finish(); !verdict) return verdict.error();
    return message;
}

}  // namespace vg::wire
