#pragma once
// What the frames carry (docs/wire.md §3): plain structs, and for each an encode() and a total decode().

#include "base/clock.hpp"
#include "wire/body.hpp"
#include "wire/frame.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vg::wire {

// What the agent knows of one boot's clock: wall at mono = 0 as the device's clock says now, and, where this boot has
// spoken with the collector, the offset that the collector told (corrected = mono + offset).
struct BootInfo {
    std::string boot_id;                               // 32 hex digits
    std::int64_t device_wall_at_zero_ms = 0;           // device wall clock minus monotonic, at the latest look
    std::int64_t last_mono_ms = 0;                     // the latest monotonic time seen in this boot
    std::optional<std::int64_t> corrected_at_zero_ms;  // as told by the collector in this boot
    std::int64_t error_ms = 0;                         // of the line above
};

struct SeqRange {
    std::uint64_t first = 0, last = 0;
    auto operator<=>(const SeqRange&) const = default;
};

struct LostRange {  // sent as an event "spool.lost", too; here for the completeness statement
    SeqRange seqs;
    BatchClass batch_class = BatchClass::samples;
    std::uint64_t items = 0;
    std::string reason;  // "spool_full", "damaged"
    bool operator==(const LostRange&) const = default;
};

struct Hello {
    std::uint64_t version = 0;
    std::string software;  // "vonggac-agent 0.1.0"
    std::string host_name;
    std::uint64_t spool_epoch = 0;   // random, of the spool file
    std::uint64_t next_seq = 1;      // every batch below exists, was acknowledged, or is in lost
    SeriesId names_defined = 0;      // series 1..n have names
    std::string assignment_version;  // of what is on disk; empty: none
    BootInfo boot;                   // the present boot
    std::int64_t mono_ms = 0;        // now
    std::int64_t began_ms = 0;       // monotonic, when this run of the agent began: an older run told other facts
    std::vector<LostRange> lost;     // not yet acknowledged losses
};

struct Welcome {
    std::uint64_t version = 0;
    SeriesId names_known = 0;  // the agent sends names above
    std::int64_t collector_wall_ms = 0;
    std::vector<SeqRange> missing;  // what the collector misses below next_seq (the agent resends what it still has)
};

struct Batch {
    std::uint64_t seq = 0;  // from 1 per spool epoch; a seq names the same bytes for ever
    BatchClass batch_class = BatchClass::samples;
    BootInfo boot;                  // of the records inside; only boot_id when it is the session's boot
    std::int64_t sent_mono_ms = 0;  // in the session's boot
    Bytes body;
};

struct Ack {  // durable at the collector; the agent may delete
    std::vector<std::uint64_t> seqs;
    std::int64_t corrected_at_zero_ms = 0;  // corrected wall time at mono = 0 of the session's boot
    std::int64_t error_ms = 0;
};

struct Heartbeat {
    std::int64_t mono_ms = 0;
    std::int64_t device_wall_ms = 0;
    std::uint64_t spool_batches = 0;  // waiting
    std::uint64_t spool_bytes = 0;
    std::uint64_t bytes_today = 0;  // on the wire, both ways, as the agent counts them
    std::uint8_t metered = 0;       // 1: the profile is metered, expect no further heartbeat beyond the batches
    std::uint32_t next_in_ms = 0;   // when the next frame of any kind is due at the latest; 0: the welcome's default
};

struct Pulse {
    std::int64_t mono_ms_echo = 0;
    std::int64_t collector_wall_ms = 0;
};  // answer to a heartbeat

struct Names {
    SeriesId first = 1;
    std::vector<SeriesName> names;
};  // first, first+1, ...

// What the agent has to do, as the YAML text that it keeps on disk (docs: agent/assignment.hpp).
struct Assignment {
    std::string version;
    std::string yaml;
};

enum class RefuseCode : std::uint8_t {
    malformed_frame = 1,
    oversized_frame = 2,
    wrong_version = 3,
    unknown_message = 4,
    too_slow = 5,
    no_certificate = 10,
    foreign_certificate = 11,
    revoked_certificate = 12,
    expired_certificate = 13,
    key_in_use = 14,
    token_unknown = 20,
    token_expired = 21,
    token_used_up = 22,
    bad_request = 23,
    request_not_allowed = 24,
    unknown_series = 30,
    malformed_body = 31,
    batch_conflict = 32,
    store_unavailable = 40,
    shutting_down = 41,
    overloaded = 42,
};
[[nodiscard]] const char* to_string(RefuseCode code) noexcept;

struct Refuse {
    RefuseCode code{};
    std::string sentence{};              // for the agent's log
    std::optional<std::uint64_t> seq{};  // the batch that it is about; nothing: the connection ends
    std::uint32_t retry_after_ms = 0;    // 0: the agent's own back-off
};

struct Enrol {
    std::string token_secret;
    std::string request_pem;
    std::string host_name;
    std::string machine_id;
};
struct Renew {
    std::string request_pem;
};  // with a new key, over the old certificate
struct Certificate {
    std::string agent_id;
    std::string chain_pem;
    std::string authority_pem;
};
struct Bye {
    std::string reason;
};  // "shutdown", "restart", "update", "host_shutdown"

[[nodiscard]] Bytes encode(const Hello&);
[[nodiscard]] Bytes encode(const Welcome&);
[[nodiscard]] Bytes encode(const Batch&);
[[nodiscard]] Bytes encode(const Ack&);
[[nodiscard]] Bytes encode(const Heartbeat&);
[[nodiscard]] Bytes encode(const Pulse&);
[[nodiscard]] Bytes encode(const Names&);
[[nodiscard]] Bytes encode(const Assignment&);
[[nodiscard]] Bytes encode(const Refuse&);
[[nodiscard]] Bytes encode(const Enrol&);
[[nodiscard]] Bytes encode(const Renew&);
[[nodiscard]] Bytes encode(const Certificate&);
[[nodiscard]] Bytes encode(const Bye&);

// decode<Hello>(payload) and so on; unknown trailing bytes are refused.
template <class M>
[[nodiscard]] Result<M> decode(ByteView payload);
template <>
[[nodiscard]] Result<Hello> decode<Hello>(ByteView payload);
template <>
[[nodiscard]] Result<Welcome> decode<Welcome>(ByteView payload);
template <>
[[nodiscard]] Result<Batch> decode<Batch>(ByteView payload);
template <>
[[nodiscard]] Result<Ack> decode<Ack>(ByteView payload);
template <>
[[nodiscard]] Result<Heartbeat> decode<Heartbeat>(ByteView payload);
template <>
[[nodiscard]] Result<Pulse> decode<Pulse>(ByteView payload);
template <>
[[nodiscard]] Result<Names> decode<Names>(ByteView payload);
template <>
[[nodiscard]] Result<Assignment> decode<Assignment>(ByteView payload);
template <>
[[nodiscard]] Result<Refuse> decode<Refuse>(ByteView payload);
template <>
[[nodiscard]] Result<Enrol> decode<Enrol>(ByteView payload);
template <>
[[nodiscard]] Result<Renew> decode<Renew>(ByteView payload);
template <>
[[nodiscard]] Result<Certificate> decode<Certificate>(ByteView payload);
template <>
[[nodiscard]] Result<Bye> decode<Bye>(ByteView payload);

// A frame, ready to be written.
template <class M>
void append_message(FrameType type, const M& message, Bytes& out) {
    append_frame(type, encode(message), out);
}

// The first line of an enrolment token as people carry it: "vg1.<32 hex of the CA's SHA-256>.<secret>".
struct Token {
    std::string authority_sha256_prefix_hex;
    std::string secret;
};
[[nodiscard]] std::string to_string(const Token& token);
[[nodiscard]] Result<Token> parse_token(std::string_view text);

}  // namespace vg::wire
