#include "probes/inventory/settings.hpp"

#include "probes/inventory/words.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

namespace vg::probes::inventory {
namespace {

namespace json = boost::json;

constexpr std::size_t most_services = 2000;

std::string member(const json::object& of, const char* key) {
    const auto* found = of.if_contains(key);
    return found != nullptr && found->is_string() ? clean(std::string_view(found->get_string())) : std::string();
}

std::optional<Day> day_of_text(std::string_view text) {  // "2026-11-22"
    const auto year = to_number<int>(next_piece(text, '-'));
    const auto month = to_number<unsigned>(next_piece(text, '-')), day = to_number<unsigned>(text);
    if (!year || !month || !day || *year < 1990 || *year > 2200) return std::nullopt;
    const auto date = std::chrono::year{*year} / static_cast<int>(*month) / static_cast<int>(*day);
    if (!date.ok()) return std::nullopt;
    return Day{date};
}

std::string_view without_comment(std::string_view line) { return trim(line.substr(0, line.find('#'))); }

}  // namespace

std::optional<std::vector<Service>> read_units(std::string_view text,
                                               const std::function<bool(const std::string&)>& is_enabled) {
    boost::system::error_code bad;
    json::parse_options options;
    options.max_depth = 4;
    const auto answer = json::parse(json::string_view(text.data(), text.size()), bad, {}, options);
    if (bad || !answer.is_array()) return std::nullopt;
    std::vector<Service> out;
    for (const auto& unit : answer.get_array()) {
        if (!unit.is_object() || out.size() >= most_services) continue;
        auto name = member(unit.get_object(), "unit");
        const auto load = member(unit.get_object(), "load"), active = member(unit.get_object(), "active");
        if (!name.ends_with(".service") || load != "loaded") continue;
        name.resize(name.size() - std::string_view(".service").size());
        if (active == "active" || active == "reloading" || active == "activating")
            out.push_back({std::move(name), "running"});
        else if (active == "failed")
            out.push_back({std::move(name), "failed"});
        else if (is_enabled(name))
            out.push_back({std::move(name), "stopped"});
    }
    return out;
}

std::string read_snap_version(std::string_view yaml) {
    for (std::string_view line; next_line(yaml, line);) {
        if (!line.starts_with("version:")) continue;
        auto value = trim(line.substr(8));
        if (value.size() >= 2 && (value.front() == '\'' || value.front() == '"') && value.back() == value.front())
            value = value.substr(1, value.size() - 2);
        return clean(value);
    }
    return {};
}

std::vector<Package> read_apk_installed(std::string_view text) {
    constexpr std::size_t most = 20'000;
    std::vector<Package> out;
    Package one;
    for (std::string_view line; out.size() < most;) {
        const bool more = next_line(text, line);
        if (!more || line.empty()) {
            if (!one.name.empty() && !one.version.empty()) out.push_back(std::move(one));
            one = {};
        }
        if (!more) break;
        if (line.starts_with("P:")) one.name = clean(line.substr(2));
        if (line.starts_with("V:")) one.version = clean(line.substr(2));
    }
    return out;
}

namespace {

constexpr std::size_t longest_entry = 256;  // of dpkg's log; a longer one says nothing, however it is cut

}  // namespace

void DpkgLog::feed(std::string_view piece) {
    const auto look = [this](std::string_view line) {  // "2026-11-21 09:12:44 upgrade libc6:amd64 2.36-8 2.36-9"
        const auto day = next_piece(line, ' ');
        next_piece(line, ' ');
        if (!line.starts_with("upgrade ")) return;
        if (const auto found = day_of_text(day); found && (!last_ || *found > *last_)) last_ = found;
    };
    while (!piece.empty()) {
        const auto end = piece.find('\n');
        if (rest_.size() <= longest_entry) rest_ += piece.substr(0, end).substr(0, longest_entry + 1 - rest_.size());
        if (end == std::string_view::npos) return;
        if (rest_.size() <= longest_entry) look(rest_);
        rest_.clear();
        piece.remove_prefix(end + 1);
    }
}

std::string_view keyfile_value(std::string_view text, std::string_view group, std::string_view key) {
    bool inside = false;
    std::string_view found;
    for (std::string_view line; next_line(text, line);) {
        line = trim(line);
        if (line.starts_with('[')) {
            inside = line.size() == group.size() + 2 && line.substr(1, group.size()) == group;
        } else if (inside && !line.starts_with('#')) {
            const auto name = trim(next_piece(line, '='));
            if (name == key) found = trim(line);
        }
    }
    return found;
}

std::optional<std::int64_t> keyfile_number(std::string_view value) {
    for (const auto* kind : {"uint32 ", "int32 "})
        if (value.starts_with(kind)) value.remove_prefix(std::string_view(kind).size());
    if (value.size() >= 2 && value.front() == '\'' && value.back() == '\'') value = value.substr(1, value.size() - 2);
    return to_number<std::int64_t>(trim(value));
}

std::optional<bool> keyfile_flag(std::string_view value) {
    if (value == "true" || value == "1") return true;
    if (value == "false" || value == "0") return false;
    return std::nullopt;
}

std::int64_t read_lockout(std::string_view stack, std::string_view faillock) {
    constexpr std::int64_t usual = 3;  // faillock.conf(5)
    std::optional<std::int64_t> configured;
    for (std::string_view line; next_line(faillock, line);) {
        line = without_comment(line);
        const auto key = trim(next_piece(line, '='));
        if (key == "deny") configured = to_number<std::int64_t>(trim(line));
    }
    for (std::string_view line; next_line(stack, line);) {
        line = without_comment(line);
        if (!line.starts_with("auth") && !line.starts_with("-auth")) continue;
        const bool faillock_here = line.find("pam_faillock.so") != std::string_view::npos;
        if (!faillock_here && line.find("pam_tally2.so") == std::string_view::npos) continue;
        for (auto word = next_word(line); !word.empty(); word = next_word(line))
            if (word.starts_with("deny="))
                return std::max<std::int64_t>(to_number<std::int64_t>(word.substr(5)).value_or(0), 0);
        if (faillock_here) return std::max<std::int64_t>(configured.value_or(usual), 0);
    }
    return 0;
}

std::optional<Day> read_clamav_day(std::string_view head) {
    // "ClamAV-VDB:21 Nov 2026 04-25 -0500:27764:..."
    if (!head.starts_with("ClamAV-VDB:")) return std::nullopt;
    head.remove_prefix(std::string_view("ClamAV-VDB:").size());
    head = head.substr(0, 64);
    static constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = to_number<unsigned>(next_word(head));
    const auto month = std::ranges::find(months, next_word(head));
    const auto year = to_number<int>(next_word(head));
    if (!day || month == months.end() || !year || *year < 2000 || *year > 2200) return std::nullopt;
    const auto date = std::chrono::year{*year} / static_cast<int>(month - months.begin() + 1) / static_cast<int>(*day);
    if (!date.ok()) return std::nullopt;
    return Day{date};
}

bool nftables_conf_filters(std::string_view text) {
    bool at_input = false;
    for (std::string_view line; next_line(text, line);) {
        line = without_comment(line);
        if (line.find("hook input") != std::string_view::npos) at_input = true;
        if (line.starts_with("chain ")) at_input = line.find("hook input") != std::string_view::npos;
        if (!at_input) continue;
        for (const auto* word : {"policy drop", "drop", "reject"})
            if (line.find(word) != std::string_view::npos) return true;
    }
    return false;
}

}  // namespace vg::probes::inventory
