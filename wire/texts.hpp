#pragma once
// Texts that repeat inside one structure (docs/wire.md §4): written once, then named by number. 0 and the text is a new
// one; k is the k-th text of this structure. Each lives for one encode or decode call; pure.

#include "wire/field_reader.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vg::wire {

// The longest start of a text that the protocol carries (limits::max_text bytes).
[[nodiscard]] inline std::string_view clip(std::string_view text) { return text.substr(0, limits::max_text); }

class TextWriter {
public:
    explicit TextWriter(Writer& out) : out_(out) {}
    void write(std::string_view text);  // the caller's text outlives the writer

private:
    Writer& out_;
    std::map<std::string_view, std::uint64_t> known_;
};

class TextReader {
public:
    explicit TextReader(FieldReader& in) : in_(in) {}
    // Refuses when all texts given so far, repeats included, pass limits::max_body: the bound of the decoder's memory.
    std::string read(const char* field);

private:
    FieldReader& in_;
    std::vector<std::string> known_;
    std::size_t total_ = 0;
};

}  // namespace vg::wire
