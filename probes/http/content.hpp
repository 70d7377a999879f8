#pragma once
// What a page must contain: a text, or a regular expression. Pure; any thread.

#include "base/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace vg::probes::http {

class ContentMatch {
public:
    ContentMatch() = default;  // everything fits
    [[nodiscard]] static ContentMatch of_text(std::string text);
    // Perl's syntax; a mistake in it is an Error.
    [[nodiscard]] static Result<ContentMatch> of_regex(const std::string& pattern);

    [[nodiscard]] bool fits(std::string_view body) const;
    [[nodiscard]] bool is_set() const { return !text_.empty() || regex_ != nullptr; }

private:
    struct Regex;
    std::string text_;
    std::shared_ptr<const Regex> regex_;
};

}  // namespace vg::probes::http
