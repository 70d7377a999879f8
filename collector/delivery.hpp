#pragma once
// What a session hands to the pipeline and what it gets back. Plain values that are moved from thread to thread; a
// Mailbox is the session's own and is only ever called on the io thread.

#include "base/x509.hpp"
#include "collector/counters.hpp"
#include "wire/messages.hpp"

#include <memory>
#include <string>
#include <utility>
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

// The room that a delivery takes, counted from its session until the pipeline has done with it, whether or not the
// session is still there.
class Charge {
public:
    Charge() = default;
    Charge(Counters& counters, std::size_t bytes, bool is_batch)
        : counters_(&counters), bytes_(bytes), batch_(is_batch) {
        counters.queue_bytes += bytes;
        counters.queue_batches += batch_ ? 1 : 0;
    }
    ~Charge() {
        if (counters_ == nullptr) return;
        counters_->queue_bytes -= bytes_;
        counters_->queue_batches -= batch_ ? 1 : 0;
    }
    Charge(Charge&& other) noexcept
        : counters_(std::exchange(other.counters_, nullptr)), bytes_(other.bytes_), batch_(other.batch_) {}
    Charge& operator=(Charge&& other) noexcept {
        std::swap(counters_, other.counters_);
        std::swap(bytes_, other.bytes_);
        std::swap(batch_, other.batch_);
        return *this;
    }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

private:
    Counters* counters_ = nullptr;
    std::size_t bytes_ = 0;
    bool batch_ = false;
};

struct Delivery {
    ConnectionId connection = 0;
    std::weak_ptr<Mailbox> mailbox;
    Time received{};
    std::variant<Opened, BatchIn, NamesIn, HeartbeatIn, RenewIn, Closed> what;
    Charge charge{};
};

struct Post {  // replies on their way to one session
    std::weak_ptr<Mailbox> mailbox;
    std::vector<Reply> replies;
};

}  // namespace vg::collector
