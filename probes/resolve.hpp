#pragma once
// From a target as people write it to addresses: a literal address, a name of the hosts file, or a question to the
// system's name servers. No thread and no cache: the caller's deadline holds. Used on the agent's io_context.

#include "base/result.hpp"
#include "probes/probe.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace vg::probes {

enum class Family { any, v4, v6 };

// What the system says about names (resolv.conf(5), hosts(5)), as texts so that tests can say something else.
struct NameSettings {
    std::vector<asio::ip::address> servers;  // at most 3, as the system's own resolver takes them
    std::vector<std::string> search;         // tried for a name without a dot
    std::vector<std::pair<std::string, asio::ip::address>> hosts;
    std::uint16_t port = 53;
};
[[nodiscard]] NameSettings read_name_settings(std::string_view resolv_conf, std::string_view hosts);
[[nodiscard]] NameSettings system_name_settings();

// At least one address, IPv4 before IPv6. Errc::not_found: there is no such name; unavailable or timed_out: no name
// server could say.
[[nodiscard]] asio::awaitable<Result<std::vector<asio::ip::address>>> resolve(std::string host, Family family,
                                                                              Deadline deadline);
[[nodiscard]] asio::awaitable<Result<std::vector<asio::ip::address>>> resolve(std::string host, Family family,
                                                                              Deadline deadline, NameSettings settings);

}  // namespace vg::probes
