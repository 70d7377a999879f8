#include "wire/field_reader.hpp"

#include <cmath>

namespace vg::wire {

void FieldReader::refuse(const char* field, const char* why) {
    if (field_ != nullptr) return;
    field_ = field;
    why_ = why;
    offset_ = size_ - in_.left();
    in_.set_failed();
}

std::uint64_t FieldReader::varint(const char* field, std::uint64_t most) {
    const auto value = in_.varint();
    check(field);
    if (value > most) refuse(field, "is too large");
    return ok() ? value : 0;
}

std::int64_t FieldReader::svarint(const char* field) {
    const auto value = in_.svarint();
    check(field);
    return ok() ? value : 0;
}

std::int64_t FieldReader::time_ms(const char* field) {
    const auto value = svarint(field);
    if (value > limits::max_time_ms || value < -limits::max_time_ms) refuse(field, "is out of range");
    return ok() ? value : 0;
}

std::uint8_t FieldReader::u8(const char* field, std::uint8_t most) {
    const auto value = in_.u8();
    check(field);
    if (value > most) refuse(field, "is unknown");
    return ok() ? value : std::uint8_t{0};
}

std::string FieldReader::text(const char* field, std::size_t most) {
    const auto size = varint(field);
    if (size > most) refuse(field, "is too long");
    return std::string(text_of(bytes(field, ok() ? static_cast<std::size_t>(size) : 0)));
}

ByteView FieldReader::bytes(const char* field, std::size_t n) {
    const auto value = in_.bytes(n);
    check(field);
    return value;
}

double FieldReader::finite(const char* field) {
    const auto value = in_.f64();
    check(field);
    if (!std::isfinite(value)) refuse(field, "is not a finite number");
    return ok() ? value : 0;
}

std::size_t FieldReader::count(const char* field, std::size_t most) {
    const auto value = varint(field);
    if (value > most) refuse(field, "is over the limit");
    if (value > left()) refuse(field, "is more than the bytes that follow");
    return ok() ? static_cast<std::size_t>(value) : 0;
}

Result<void> FieldReader::finish() {
    if (ok() && in_.left() != 0) refuse("end", "is followed by more bytes");
    if (ok()) return {};
    // Fields go by their names in docs/wire.md, in both languages.
    const auto finding = std::string(field_) + " " + why_;
    return fail(Errc::invalid_input,
                say({"tin sai dạng: {}: {} (vị trí {})", "{}: {} (offset {})"}, structure_, finding, offset_));
}

}  // namespace vg::wire
