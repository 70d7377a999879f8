#pragma once
// Reading the fields that rules of both families share (title, severity, basis ...), and the place of a byte inside a
// YAML scalar. Each adds a problem with its place where a value is wrong. Pure; any thread.

#include "base/problems.hpp"
#include "base/yaml.hpp"
#include "rules/rule.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vg::rules {

// {vi: ..., en: ...}, or one text for both languages.
[[nodiscard]] Text read_text(const yaml::Node& node, Problems& problems);
// info, low, medium, high, critical; Sigma's "informational" too.
[[nodiscard]] std::optional<wire::Severity> read_severity(const yaml::Node& node, Problems& problems);
// A list of {text, mark, valid_from, valid_to}, or one of them.
[[nodiscard]] std::vector<Basis> read_basis(const yaml::Node& node, Problems& problems);
// "95%" or 0.95 as a share.
[[nodiscard]] std::optional<double> read_share(const yaml::Node& node, Problems& problems);
[[nodiscard]] std::optional<Time> read_date(const yaml::Node& node, Problems& problems);  // 2026-07-01, midnight UTC
// Letters, digits, ".", "-", "_"; up to 64.
[[nodiscard]] std::string read_id(const yaml::Node& node, Problems& problems);
[[nodiscard]] std::optional<wire::SubjectKind> read_kind(const yaml::Node& node, Problems& problems);

// Where byte `offset` of a scalar's text stands in the file's text, through quotes, folded and literal blocks.
[[nodiscard]] Place place_within(std::string_view file_text, const yaml::Node& scalar, int offset);

}  // namespace vg::rules
