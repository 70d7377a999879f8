#pragma once
// One connection to the collector, from hello to its end: names, batches in order and within the window, heartbeats,
// acknowledgements, assignments, renewal of the certificate. Owned by the link; on the agent's one thread.

#include "agent/assignment.hpp"
#include "agent/byte_budget.hpp"
#include "agent/profile.hpp"
#include "agent/spool.hpp"
#include "base/tls.hpp"
#include "wire/messages.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace vg::agent {

namespace asio = boost::asio;

// How the agent talks now; the link and its sessions read it, the agent changes it.
struct Manner {
    LineClass line = LineClass::fibre;
    Profiles profiles;
    [[nodiscard]] const Profile& profile() const {
        return line == LineClass::metered ? profiles.metered : profiles.fibre;
    }
};

// What a session asks of the agent.
struct SessionHost {
    Spool& spool;
    Clock& clock;
    ByteCount& bytes;
    const Manner& manner;
    std::string software, host_name;
    std::function<std::string()> assignment_version;               // of what is on disk
    std::function<void(const wire::Assignment&)> take_assignment;  // a new one came
    std::function<std::optional<wire::Renew>()> renewal_due;       // asked once an hour, when the clock is corrected
    std::function<void(const wire::Certificate&)> take_certificate;
    Mono began{};                      // this run of the agent
    std::function<void()> welcomed{};  // a session is at work from now on
};

enum class EndKind {
    closed,        // by the network or the collector, without a reason
    refused,       // the collector said why
    line_changed,  // the connection was on a line that is not active any more
    renewed,       // a new certificate is to be used
    stopped,       // asked to stop; Bye was said
    broken,        // the other side does not keep the protocol, or the spool failed
};

struct SessionEnd {
    EndKind kind = EndKind::closed;
    Text sentence;
    std::optional<wire::RefuseCode> code;
    Millis retry_after{0};
    bool was_welcome = false;
};

class Session {
public:
    Session(asio::io_context& io, tls::Stream stream, SessionHost& host);
    ~Session();

    [[nodiscard]] asio::awaitable<SessionEnd> run();

    void wake();                                     // something new is in the spool, or the manner changed
    void line_changed();                             // speak at once; without an answer soon, end
    void apply_manner();                             // the profile changed
    void stop(std::string reason, Millis patience);  // send what is there, say Bye, end

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace vg::agent
