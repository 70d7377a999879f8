#include "probes/auth_log/syslog_line.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace vg::probes::auth_log {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

void trim_left(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(' '), text.size())); }

std::string_view word(std::string_view& text) {
    trim_left(text);
    const auto end = std::min(text.find(' '), text.size());
    const auto out = text.substr(0, end);
    text.remove_prefix(end);
    return out;
}

// "<38>" and, after it, RFC 5424's version.
bool skip_priority(std::string_view& text) {
    if (text.empty() || text.front() != '<') return false;
    const auto end = text.find('>');
    if (end == std::string_view::npos || end > 4) return false;
    text.remove_prefix(end + 1);
    return true;
}

bool looks_iso(std::string_view w) {  // 2026-11-22T04:05:06...
    return w.size() >= 19 && is_digit(w[0]) && w[4] == '-' && w[7] == '-' && (w[10] == 'T' || w[10] == ' ');
}

bool skip_time(std::string_view& text) {
    auto rest = text;
    auto first = word(rest);
    if (looks_iso(first)) {
        text = rest;
        return true;
    }
    if (first.size() == 10 && is_digit(first[0]) && first[4] == '-') {  // "2026-11-22 04:05:06"
        const auto time = word(rest);
        if (time.size() < 8 || time[2] != ':') return false;
        text = rest;
        return true;
    }
    if (first.size() != 3 || !is_letter(first[0])) return false;  // "Nov"
    const auto day = word(rest);
    auto time = word(rest);
    if (day.empty() || day.size() > 2 || !is_digit(day[0])) return false;
    if (time.size() == 4 && time.find(':') == std::string_view::npos) time = word(rest);  // some put the year between
    if (time.size() < 8 || time[2] != ':' || time[5] != ':') return false;
    text = rest;
    return true;
}

std::string_view without_path(std::string_view program) {
    const auto slash = program.rfind('/');
    return slash == std::string_view::npos ? program : program.substr(slash + 1);
}

std::uint32_t number(std::string_view text) { return to_number<std::uint32_t>(text).value_or(0); }

// "sshd[123]", "gdm-password]" (its closing bracket is gdm's own slip), "sshd(pam_unix)[12]", "su:"
void take_tag(std::string_view tag, SyslogLine& line) {
    const auto open = tag.find('[');
    if (open != std::string_view::npos) {
        const auto close = tag.find(']', open);
        if (close != std::string_view::npos) line.pid = number(tag.substr(open + 1, close - open - 1));
        tag = tag.substr(0, open);
    }
    while (!tag.empty() && (tag.back() == ':' || tag.back() == ']')) tag.remove_suffix(1);
    const auto bracket = tag.find('(');
    if (bracket != std::string_view::npos) tag = tag.substr(0, bracket);
    line.program = without_path(tag);
}

void parse_rfc5424(std::string_view rest, SyslogLine& line) {
    line.host = word(rest);
    line.program = without_path(word(rest));
    line.pid = number(word(rest));
    (void)word(rest);  // message id
    trim_left(rest);
    if (!rest.empty() && rest.front() == '-') {
        rest.remove_prefix(1);
    } else {
        bool quoted = false;
        std::size_t i = 0;
        for (; i < rest.size(); ++i) {  // structured data: [id name="value"]...
            if (rest[i] == '\\') {
                ++i;
                continue;
            }
            if (rest[i] == '"') quoted = !quoted;
            if (!quoted && rest[i] == ']' && (i + 1 == rest.size() || rest[i + 1] != '[')) break;
        }
        rest.remove_prefix(std::min(i + 1, rest.size()));
    }
    trim_left(rest);
    if (rest.substr(0, 3) == "\xEF\xBB\xBF") rest.remove_prefix(3);
    line.message = rest;
}

}  // namespace

SyslogLine parse_syslog(std::string_view text) {
    SyslogLine line;
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == '\0')) text.remove_suffix(1);
    auto rest = text;
    const bool has_priority = skip_priority(rest);
    if (has_priority && rest.substr(0, 2) == "1 ") {
        auto after = rest.substr(2);
        if (skip_time(after) || word(after) == "-") {
            parse_rfc5424(after, line);
            return line;
        }
    }
    if (!skip_time(rest)) {
        line.message = text;
        return line;
    }
    line.host = word(rest);
    trim_left(rest);
    // The tag is the first word that ends in a colon; some devices write their name twice in front of it.
    for (int words = 0; words < 2; ++words) {
        auto after = rest;
        const auto tag = word(after);
        if (tag.empty()) break;
        if (tag.back() == ':') {
            take_tag(tag, line);
            trim_left(after);  // sudo pads the name; nobody else begins with blanks
            rest = after;
            break;
        }
        if (tag != line.host) break;
        rest = after;
    }
    line.message = rest;
    return line;
}

}  // namespace vg::probes::auth_log
