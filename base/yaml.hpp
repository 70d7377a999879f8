#pragma once
// YAML as a plain tree with the place of every node, so that each later complaint can name file:line:column.
// Parsing is total: text that is not YAML, too deep, too large or full of aliases is a problem, never an exception.
// The tree owns its text; the YAML library is named in yaml.cpp only.

#include "base/problems.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vg::yaml {

enum class Kind { null, scalar, sequence, mapping };

struct Node {
    Kind kind = Kind::null;
    std::string scalar;                          // text as written, unquoted
    bool quoted = false;                         // "5" is a string, 5 may be a number
    std::vector<Node> items;                     // sequence
    std::vector<std::pair<Node, Node>> entries;  // mapping, in order of the file
    Place place;

    Node();  // out of line: clang wants it, because entries holds pairs of a type that is not complete yet

    [[nodiscard]] const Node* find(std::string_view key) const;  // null when absent or not a mapping
};

// The documents of a text (separated by ---). On a syntax error the list is empty and problems has the place.
// Limits: 4 MiB of text, 32 levels, 200,000 nodes; duplicate keys and aliases are problems.
[[nodiscard]] std::vector<Node> parse(std::string_view text, const std::string& file, Problems& problems);
// Reads the file first; an unreadable file is a problem.
[[nodiscard]] std::vector<Node> parse_file(const std::string& file, Problems& problems);

// Typed reads: a missing or wrong value adds a problem and gives nothing.
[[nodiscard]] std::optional<std::string> as_string(const Node& node, Problems& problems);
// The text of a key that may be absent; `into` stays as it is then, and when the value is wrong.
void read_string(const Node& node, std::string_view key, std::string& into, Problems& problems);
[[nodiscard]] std::optional<std::int64_t> as_int(const Node& node, std::int64_t low, std::int64_t high,
                                                 Problems& problems);
[[nodiscard]] std::optional<double> as_number(const Node& node, Problems& problems);
[[nodiscard]] std::optional<bool> as_bool(const Node& node, Problems& problems);
// "250ms", "5s", "3m", "2h", "30d" as milliseconds.
[[nodiscard]] std::optional<std::int64_t> as_duration_ms(const Node& node, Problems& problems);

// Adds a problem for every key that is not in the list, with the nearest known key as a suggestion.
void refuse_unknown_keys(const Node& mapping, const std::vector<std::string_view>& known, Problems& problems);

}  // namespace vg::yaml
