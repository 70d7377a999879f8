#pragma once
// The values whose bytes lie in tests/wire/golden, one file each. The writer must make exactly these bytes (unless the
// compression library has a say in them) and the reader must give the value back.

#include "wire/messages.hpp"

#include <functional>
#include <string>
#include <vector>

namespace vg::wire::golden {

struct Case {
    std::string name;                               // of the file, without ".hex"
    std::string meaning;                            // its first line
    Bytes bytes;                                    // as the writer makes them now
    std::function<Result<Bytes>(ByteView)> reread;  // reads, and writes again what it read
    bool compressed = false;                        // the bytes may differ between versions of Zstandard
};
[[nodiscard]] std::vector<Case> cases();

// A golden file: "# meaning" lines, then hex digits in any grouping.
[[nodiscard]] std::string to_file(const Case& one);
[[nodiscard]] Bytes from_file(const std::string& text);

}  // namespace vg::wire::golden
