#include "probes/auth_log/attempts.hpp"

#include <algorithm>
#include <utility>

namespace vg::probes::auth_log {
namespace {

constexpr std::size_t most_processes = 512;
constexpr auto belongs_together = std::chrono::minutes(3);  // sshd's LoginGraceTime is two

// PAM names its service, the program itself may go by another name.
std::string family(const std::string& service) { return service == "su-l" ? "su" : service; }

}  // namespace

bool Attempts::is_new(const Login& login, std::uint32_t pid, Mono now) {
    if (pid == 0) return true;
    std::erase_if(processes_, [&](const Process& p) { return now - p.seen > belongs_together; });
    const auto service = family(login.service);
    const auto found = std::find_if(processes_.begin(), processes_.end(), [&](const Process& p) {
        return p.pid == pid && p.service == service && p.accepted == login.accepted;
    });
    if (found == processes_.end()) {
        processes_.push_front({service, pid, login.accepted, login.is_remark, now});
        if (processes_.size() > most_processes) processes_.pop_back();
        return true;
    }
    found->seen = now;
    if (login.is_remark) return false;
    return !std::exchange(found->has_remark, false);
}

}  // namespace vg::probes::auth_log
