#pragma once
// Cuts a growing file's bytes into lines; a line that never ends is cut off at its limit and the rest skipped. Pure.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace vg::probes::auth_log {

class LineCutter {
public:
    void feed(std::string_view bytes, std::vector<std::string>& lines) {
        while (!bytes.empty()) {
            const auto end = bytes.find('\n');
            const auto part = bytes.substr(0, end);
            const auto room = longest - std::min(longest, rest_.size());
            rest_.append(part.substr(0, room));
            if (end == std::string_view::npos) return;
            if (!rest_.empty()) lines.push_back(std::move(rest_));
            rest_.clear();
            bytes.remove_prefix(end + 1);
        }
    }
    void forget() { rest_.clear(); }

private:
    static constexpr std::size_t longest = 8192;
    std::string rest_;
};

}  // namespace vg::probes::auth_log
