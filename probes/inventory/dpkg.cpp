#include "probes/inventory/dpkg.hpp"

#include "probes/inventory/words.hpp"

#include <utility>

namespace vg::probes::inventory {
namespace {

constexpr std::size_t longest_line = 1024;
constexpr std::size_t most_packages = 20'000;

// "install ok installed": the last word is what is on the disk (dpkg-query(1)).
bool is_on_disk(std::string_view status) {
    const auto state = status.substr(status.find_last_of(' ') + 1);
    return state == "installed" || state == "unpacked" || state == "half-configured" || state == "half-installed" ||
           state == "triggers-awaited" || state == "triggers-pending";
}

}  // namespace

void DpkgStatus::feed(std::string_view piece) {
    while (!piece.empty()) {
        const auto end = piece.find('\n');
        auto text = piece.substr(0, end);
        piece.remove_prefix(end == std::string_view::npos ? piece.size() : end + 1);
        if (end == std::string_view::npos) {
            if (rest_.size() + text.size() > longest_line) too_long_ = true;
            if (!too_long_) rest_ += text;
            return;
        }
        if (rest_.empty() && !too_long_) {
            line(text);
        } else if (!too_long_) {
            rest_ += text;
            line(rest_);
        }
        rest_.clear();
        too_long_ = false;
    }
}

void DpkgStatus::line(std::string_view text) {
    if (text.empty()) return end_of_record();
    // A field of ours is told from the many others by its first letter; going on costs most of a look.
    const char first = text.front();
    if ((first != 'P' && first != 'A' && first != 'V' && first != 'S') || text.size() > longest_line) return;
    if (text.starts_with("Package: ")) package_.name = clean(text.substr(9));
    if (text.starts_with("Architecture: ")) package_.architecture = clean(text.substr(14));
    if (text.starts_with("Version: ")) package_.version = clean(text.substr(9));
    if (text.starts_with("Status: ")) installed_ = is_on_disk(trim(text.substr(8)));
}

void DpkgStatus::end_of_record() {
    const bool named = !package_.name.empty() && package_.name.find_first_of("/ ") == std::string::npos;
    if (named && installed_ && found_.size() < most_packages) found_.push_back(std::move(package_));
    package_ = {};
    installed_ = false;
}

std::vector<Package> DpkgStatus::finish() {
    if (!rest_.empty() && !too_long_) line(std::exchange(rest_, {}));
    end_of_record();
    return std::move(found_);
}

}  // namespace vg::probes::inventory
