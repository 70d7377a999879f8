#pragma once
// "host:port", "[2001:db8::1]:443", "10.0.0.1" and what becomes of it: a place to connect to. Used by tcp, dns, http.

#include "probes/resolve.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vg::probes {

struct HostPort {
    std::string host;  // a name or an address without brackets
    std::uint16_t port = 0;
};
// Without a port `fallback_port` stands; 0 there means that the port must be given.
[[nodiscard]] std::optional<HostPort> parse_host_port(std::string_view text, std::uint16_t fallback_port);

// How a look at a service ended, a number that a series can carry (docs/probes.md). The same for tcp and http.
enum class Outcome : std::uint8_t {
    ok = 0,
    refused = 1,       // the host says that nobody listens
    timed_out = 2,     // nothing came in time
    unreachable = 3,   // a router says that there is no way
    no_such_name = 4,  // the name does not exist, or no name server could say
    tls_failed = 5,    // no TLS handshake
    bad_answer = 6,    // broke off, or not what the protocol allows
    wrong_status = 7,
    wrong_content = 8,
};

struct Connected {
    asio::ip::tcp::socket socket;
    asio::ip::address address;
    std::chrono::nanoseconds took{};
};
struct NotConnected {
    Outcome outcome = Outcome::timed_out;
    Text sentence;
    bool could_not_look = false;  // no route from here: says nothing about the other side
};

// Tries the addresses in turn, sharing the time among them.
[[nodiscard]] asio::awaitable<boost::system::result<Connected, NotConnected>> connect(
    std::vector<asio::ip::address> addresses, std::uint16_t port, Deadline deadline);

}  // namespace vg::probes
