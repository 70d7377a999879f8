#pragma once
// Vietnamese text as it is searched, composed letters and decomposed ones alike. Never an identity: two names may fold
// to one text. Total over any bytes; pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace vg {

enum class Marks : std::uint8_t {
    dropped,  // "Trụ sở Hoà Ân" → "tru so hoa an"
    kept,     // the mark of a letter before it, the tones behind each word: "Hòa" and "Hoà" are written in one way
};

// In lower case.
[[nodiscard]] std::string folded(std::string_view text, Marks marks);

}  // namespace vg
