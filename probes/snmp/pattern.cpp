#include "probes/snmp/pattern.hpp"

#include <boost/regex.hpp>

#include <map>
#include <memory>

namespace vg::probes::snmp {
namespace {

constexpr std::size_t longest_text = 1000;

const boost::regex* compiled(const std::string& pattern) {
    static std::map<std::string, std::unique_ptr<boost::regex>> kept;
    auto& regex = kept[pattern];
    if (regex) return regex->empty() ? nullptr : regex.get();
    regex = std::make_unique<boost::regex>();
    try {
        *regex = boost::regex(pattern, boost::regex::perl);
    } catch (const boost::regex_error&) { return nullptr; }
    return regex.get();
}

}  // namespace

bool is_pattern(const std::string& pattern) { return compiled(pattern) != nullptr; }

std::optional<std::string> find_pattern(const std::string& pattern, const std::string& text) {
    const auto* regex = compiled(pattern);
    if (!regex) return std::nullopt;
    boost::smatch match;
    const auto some = text.substr(0, longest_text);
    try {
        if (!boost::regex_search(some, match, *regex)) return std::nullopt;
    } catch (const std::runtime_error&) {  // too complex for this text
        return std::nullopt;
    }
    for (std::size_t i = 1; i < match.size(); ++i)
        if (match[static_cast<int>(i)].matched) return match[static_cast<int>(i)].str();
    return match[0].str();
}

std::vector<std::string> split_at(const std::string& pattern, const std::string& text) {
    const auto some = text.substr(0, longest_text);
    const auto* regex = compiled(pattern);
    if (!regex) return {some};
    std::vector<std::string> all;
    std::size_t from = 0;
    try {
        for (boost::sregex_iterator at(some.begin(), some.end(), *regex), end; at != end; ++at) {
            const auto begin = static_cast<std::size_t>(at->position());
            all.push_back(some.substr(from, begin - from));
            from = begin + static_cast<std::size_t>(at->length());
        }
    } catch (const std::runtime_error&) {}  // too complex from here on
    all.push_back(some.substr(from));
    return all;
}

std::string without_pattern(const std::string& pattern, const std::string& text) {
    std::string all;
    for (const auto& piece : split_at(pattern, text)) all += (all.empty() ? "" : " ") + piece;
    return all;
}

}  // namespace vg::probes::snmp
