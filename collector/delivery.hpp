#pragma once
// What a session hands to the pipeline and what it gets back. Plain values that are moved from thread to thread; a
// Mailbox is the session's own and is only ever called on the io thread.

#include "base/x509.hpp"
#include "wire/messages.hpp"

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace vg::collector {

using Reply = std::variant<wire::Welcome, wire::Ack, wire::Assignment, wire::Refuse, wire::Pulse, wire::Certificate>;

// A refusal that ends the connection carries no seq; the session closes after writing it.
class Mailbox {
public:
    virtual ~Mailbox() = default;
    virtual void deliver(std::vector<Reply> replies) = 0;  // io thread
};

using ConnectionId = std::uint64_t;  // unique in this run of the collector

struct Opened {  // a certificate of ours and a hello
    wire::Hello hello;
    x509::CertificateInfo certificate;
    std::string address;
    Millis round_trip{};  // upper bound, from the handshake
};
struct BatchIn {
    wire::Batch batch;
};
struct NamesIn {
    wire::Names names;
};
struct HeartbeatIn {
    wire::Heartbeat heartbeat;
};
struct RenewIn {
    wire::Renew renew;
};
struct Closed {
    std::string bye;  // empty: the line just went
};

struct Delivery {
    ConnectionId connection = 0;
    std::weak_ptr<Mailbox> mailbox;
    Time received{};
    std::variant<Opened, BatchIn, NamesIn, HeartbeatIn, RenewIn, Closed> what;
};

struct Post {  // replies on their way to one session
    std::weak_ptr<Mailbox> mailbox;
    std::vector<Reply> replies;
};

}  // namespace vg::collector
