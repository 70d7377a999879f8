#include "probes/lan/known_hosts.hpp"

#include "base/system_words.hpp"
#include "base/text.hpp"

#include <filesystem>
#include <fstream>

namespace vg::probes::lan {
namespace {

constexpr std::string_view first_line = "vonggac lan 1";
constexpr std::size_t most_heard_lines = 256, most_line = 400;

}  // namespace

KnownHosts::KnownHosts(std::string file, std::size_t most) : file_(std::move(file)), most_(most) {}

void KnownHosts::load() {
    if (file_.empty()) return;
    std::ifstream in(file_);
    std::string line;
    if (!std::getline(in, line) || line != first_line) return;
    while (std::getline(in, line) && line.size() <= most_line) {
        if (line.starts_with("heard/")) {
            if (heard_.size() < most_heard_lines) heard_.insert(line);
            continue;
        }
        std::string_view rest = line;  // "3c846a129f04 490123": the address without colons, and hours
        const auto mac = to_number<std::uint64_t>(next_piece(rest, ' '), 16);
        const auto hours = to_number<std::int64_t>(rest);
        if (mac && hours && *mac >> 48 == 0 && seen_.size() < most_) seen_[*mac] = *hours;
    }
}

Result<void> KnownHosts::save() {
    is_changed_ = false;
    if (file_.empty()) return {};
    const auto fresh = file_ + ".new";
    {
        std::ofstream out(fresh, std::ios::trunc);
        out << first_line << '\n';
        for (const auto& [mac, hours] : seen_) out << std::hex << mac << ' ' << std::dec << hours << '\n';
        for (const auto& entry : heard_) out << entry << '\n';
        if (!out.flush()) return fail(Errc::no_space, say({"không ghi được {}", "{} could not be written"}, fresh));
    }
    std::error_code error;
    std::filesystem::rename(fresh, file_, error);
    if (error) return fail(Errc::no_space, because(value_of(file_), system_words(error)));
    return {};
}

void KnownHosts::forget_longest_unseen() {
    auto oldest = seen_.begin();
    for (auto at = seen_.begin(); at != seen_.end(); ++at)
        if (at->second < oldest->second) oldest = at;
    seen_.erase(oldest);
}

bool KnownHosts::add(dissect::Mac mac, Time now) {
    const auto hours = std::chrono::floor<std::chrono::hours>(now).time_since_epoch().count();
    if (const auto known = seen_.find(mac.value); known != seen_.end()) {
        is_changed_ = is_changed_ || known->second != hours;
        known->second = hours;
        return false;
    }
    if (seen_.size() >= most_) forget_longest_unseen();
    seen_.emplace(mac.value, hours);
    is_changed_ = true;
    return true;
}

void KnownHosts::note_heard(const std::string& entry, bool is_there) {
    if (is_there && heard_.size() >= most_heard_lines) return;
    const bool news = is_there ? heard_.insert(entry).second : heard_.erase(entry) > 0;
    is_changed_ = is_changed_ || news;
}

}  // namespace vg::probes::lan
