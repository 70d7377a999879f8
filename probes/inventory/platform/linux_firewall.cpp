// The kernel's packet filter, asked directly. It answers whoever may configure it.
#include "probes/inventory/nftables.hpp"
#include "probes/inventory/platform/linux_parts.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace vg::probes::inventory {
namespace {

class Netlink {
public:
    Netlink() : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER)) {
        const timeval patience{1, 0};
        if (fd_ >= 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    Netlink(const Netlink&) = delete;
    Netlink& operator=(const Netlink&) = delete;
    ~Netlink() {
        if (fd_ >= 0) ::close(fd_);
    }
    // Asks and reads until the answer is whole; false: there is none.
    [[nodiscard]] bool ask(const Bytes& question, PacketFilter& into) const {
        into.is_done = false;
        if (fd_ < 0 || ::send(fd_, question.data(), question.size(), 0) != static_cast<ssize_t>(question.size()))
            return false;
        constexpr int most = 4096;  // pieces
        std::vector<std::uint8_t> buffer(32 * 1024);
        for (int i = 0; i < most && !into.is_done; ++i) {
            const auto n = ::recv(fd_, buffer.data(), buffer.size(), 0);
            if (n <= 0) return false;
            read_nftables(ByteView(buffer.data(), static_cast<std::size_t>(n)), into);
        }
        return into.is_done && !into.is_refused;
    }

private:
    int fd_;
};

}  // namespace

std::optional<bool> kernel_keeps_out() {
    const Netlink netlink;
    PacketFilter filter;
    if (!netlink.ask(ask_chains(1), filter)) return std::nullopt;
    if (filter.drops_by_policy) return true;
    if (filter.at_input.empty()) return false;
    if (!netlink.ask(ask_rules(2), filter)) return std::nullopt;
    return filter.keeps_out();
}

}  // namespace vg::probes::inventory
