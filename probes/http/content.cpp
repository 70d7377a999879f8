#include "probes/http/content.hpp"

#include <boost/regex.hpp>

namespace vg::probes::http {

// Boost's matcher, for it counts its steps and gives up: no page can hold it for ever or use up the stack.
struct ContentMatch::Regex {
    boost::regex expression;
};

ContentMatch ContentMatch::of_text(std::string text) {
    ContentMatch out;
    out.text_ = std::move(text);
    return out;
}

Result<ContentMatch> ContentMatch::of_regex(const std::string& pattern) {
    try {
        ContentMatch out;
        out.regex_ = std::make_shared<const Regex>(Regex{boost::regex(pattern)});
        return out;
    } catch (const boost::regex_error& error) {
        return fail(Errc::invalid_input,
                    say({"biểu thức chính quy sai: {}", "the regular expression is wrong: {}"}, error.what()));
    }
}

bool ContentMatch::fits(std::string_view body) const {
    if (!text_.empty() && body.find(text_) == std::string_view::npos) return false;
    if (!regex_) return true;
    try {
        return boost::regex_search(body.begin(), body.end(), regex_->expression);
    } catch (const std::runtime_error&) {  // too complex for this page
        return false;
    }
}

}  // namespace vg::probes::http
