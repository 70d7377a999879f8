#pragma once
// Who listens, from /proc/net/tcp, tcp6, udp and udp6 (proc(5)). Total over any bytes; pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vg::probes::inventory {

struct Socket {
    std::string where;        // "tcp/0.0.0.0:22", "udp/[::]:161"
    std::uint64_t inode = 0;  // as "socket:[N]" among the open files of its owner
    auto operator<=>(const Socket&) const = default;
};

// `protocol` is "tcp" or "udp"; the text says by itself whether it is about IPv6. A UDP socket counts when it is bound
// to no peer and its port is below `first_ephemeral`: the others are clients. At most 2,000.
void read_listeners(std::string_view text, std::string_view protocol, std::uint16_t first_ephemeral,
                    std::vector<Socket>& into);

}  // namespace vg::probes::inventory
