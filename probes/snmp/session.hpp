#pragma once
// Questions to one SNMP agent, one at a time, without blocking: many sessions live side by side on the io_context's
// thread. net-snmp, loaded at first use, speaks the protocol; Asio waits on its sockets and keeps the time. Closing a
// session while a question is under way is allowed.

#include "base/result.hpp"
#include "probes/snmp/trap.hpp"
#include "probes/snmp/walk.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>

namespace vg::probes::snmp {

enum class Version { v1, v2c, v3 };

struct User {  // of SNMPv3; without passwords it is noAuthNoPriv
    std::string name, auth_protocol = "SHA-256", auth_password, privacy_protocol = "AES", privacy_password;
};

struct Access {
    std::string address;  // "10.1.0.1:161" or "[2001:db8::1]:161"
    bool is_v6 = false;
    Version version = Version::v2c;
    std::string community;
    User user;
    std::string context;  // of SNMPv3
};

using Until = std::chrono::steady_clock::time_point;

class Session {
public:
    virtual ~Session() = default;
    // Errc::timed_out when nobody answers, unauthorised when the agent knows neither the user nor the password. What
    // the agent itself complains about is an Answer with its error.
    [[nodiscard]] virtual boost::asio::awaitable<Result<Answer>> ask(Request request, Until deadline) = 0;
    [[nodiscard]] virtual std::string engine_id() const = 0;  // of v3, after the first answer; else empty
    [[nodiscard]] virtual bool can_bulk() const = 0;
};

// The waiting for one answer: tried twice, `patience` each.
[[nodiscard]] Result<std::unique_ptr<Session>> open_session(
    boost::asio::io_context& io, const Access& access,
    std::chrono::milliseconds patience = std::chrono::milliseconds{1500});

struct TrapDoor {
    std::string address;  // empty: all addresses, IPv4
    std::uint16_t port = 0;
    bool is_v6 = false;
    User user;  // without a name no v3
};

struct ReceivedTrap {
    Trap trap;
    std::string community;
};

// Where traps and informs come in; informs are answered.
class TrapSocket {
public:
    virtual ~TrapSocket() = default;
    // What came, at least one; Errc::cancelled after stop().
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<ReceivedTrap>>> receive() = 0;
    virtual void stop() = 0;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
};

[[nodiscard]] Result<std::unique_ptr<TrapSocket>> open_trap_socket(boost::asio::io_context& io, const TrapDoor& door);

// As options name them; AES-192 and AES-256 only where this machine's library has them.
[[nodiscard]] bool knows_auth(const std::string& protocol);
[[nodiscard]] bool knows_privacy(const std::string& protocol);

}  // namespace vg::probes::snmp
