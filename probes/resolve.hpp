#pragma once
// From a target as people write it to addresses: a literal address, a name of the hosts file, or a question to the
// system's name servers. No thread and no cache: the caller's deadline holds. Used on the agent's io_context.

#include "base/result.hpp"
#include "probes/probe.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <vector>

namespace vg::probes {

enum class Family { any, v4, v6 };

// At least one address, IPv4 first unless only IPv6 is wanted or there; Errc::not_found, unavailable or timed_out
// otherwise.
[[nodiscard]] asio::awaitable<Result<std::vector<asio::ip::address>>> resolve(std::string host, Family family,
                                                                              Deadline deadline);

}  // namespace vg::probes
