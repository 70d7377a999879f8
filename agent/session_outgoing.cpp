// What a session says: hello, names, batches in order and within the window, heartbeats, the wish for a certificate.
#include "agent/session_state.hpp"

#include <algorithm>

namespace vg::agent {
namespace {

constexpr std::size_t write_at_most = 48 * 1024;  // per write, so that an ack may come between
constexpr std::size_t names_at_once = 256;
constexpr std::size_t lost_in_hello = 64;  // the hello must stay small; events tell of all
// Old samples over a line that is paid by the byte: so slowly that the day's work is not disturbed.
constexpr std::size_t metered_backlog_bytes_per_s = 4096;

}  // namespace

wire::Hello Session::Impl::hello() {
    wire::Hello message;
    message.version = wire::limits::protocol_version;
    message.software = host.software;
    message.host_name = host.host_name.substr(0, 255);
    message.spool_epoch = host.spool.epoch();
    message.next_seq = host.spool.next_seq();
    message.names_defined = host.spool.names_defined();
    message.assignment_version = host.assignment_version();
    message.boot = host.spool.boot();
    message.mono_ms = now().time_since_epoch().count();
    message.began_ms = host.began.time_since_epoch().count();
    if (auto lost = host.spool.lost(lost_in_hello); lost.has_value()) message.lost = std::move(*lost);
    return message;
}

wire::Heartbeat Session::Impl::heartbeat() {
    count_bytes();
    const auto use = host.spool.use().total();
    wire::Heartbeat message;
    message.mono_ms = now().time_since_epoch().count();
    message.device_wall_ms = host.clock.wall().time_since_epoch().count();
    message.spool_batches = use.batches;
    message.spool_bytes = use.bytes;
    message.bytes_today = host.bytes.today(host.clock.wall());
    message.metered = host.manner.line == LineClass::metered ? 1 : 0;
    message.next_in_ms = static_cast<std::uint32_t>(talk.promise().count());
    return message;
}

// Everything that may go now, most urgent first; nothing: `out` stays empty.
void Session::Impl::compose(Bytes& out) {
    compose_names(out);
    compose_batches(out);
    if (talk.heartbeat_due(now())) {
        wire::append_message(wire::FrameType::heartbeat, heartbeat(), out);
        talk.note_heartbeat(now());
    }
    compose_renewal(out);
    if (!out.empty()) talk.note_sent(now(), true);
}

void Session::Impl::compose_names(Bytes& out) {
    while (names_sent < host.spool.names_defined() && out.size() < write_at_most) {
        auto names = host.spool.names_from(names_sent + 1, names_at_once);
        if (names.has_error() || names->empty()) {
            finish(EndKind::broken, names.has_error() ? told(names.error())
                                                      : say({"một chuỗi số đo không có tên trong hàng đợi",
                                                             "a series has no name in the spool"}));
            return;
        }
        wire::Names message{names_sent + 1, std::move(*names)};
        names_sent += static_cast<wire::SeriesId>(message.names.size());
        wire::append_message(wire::FrameType::names, message, out);
    }
}

void Session::Impl::compose_batches(Bytes& out) {
    const bool metered = host.manner.line == LineClass::metered;
    const bool used_up = host.bytes.is_used_up(host.manner.profile().budget_day, host.clock.wall());
    while (out.size() < write_at_most) {
        const bool backlog = now() >= backlog_paused_until && !bye;
        const auto want = window.next(host.spool.next_seq(), !used_up, backlog);
        if (!want) return;
        auto batches = host.spool.read(class_of(want->lane), want->first, want->before, want->most);
        if (batches.has_error()) {
            finish(EndKind::broken, told(batches.error()));
            return;
        }
        if (batches->size() < want->most) window.note_exhausted(want->lane, want->before);
        for (auto& stored : *batches) {
            wire::Batch batch{stored.seq, stored.batch_class, std::move(stored.boot), now().time_since_epoch().count(),
                              std::move(stored.body)};
            const auto before = out.size();
            wire::append_message(wire::FrameType::batch, batch, out);
            window.note_sent(want->lane, stored.seq, out.size() - before);
            if (metered && want->lane == Lane::backlog)
                backlog_paused_until = std::max(backlog_paused_until, now()) +
                                       Millis{(out.size() - before) * 1000 / metered_backlog_bytes_per_s};
        }
    }
}

void Session::Impl::compose_renewal(Bytes& out) {
    // By the corrected clock alone: this machine's own may be decades off.
    if (!host.spool.boot().corrected_at_zero_ms) return;
    if (renewal_asked != Mono{} && now() - renewal_asked < std::chrono::hours{1}) return;
    renewal_asked = now();
    if (auto renew = host.renewal_due(); renew) wire::append_message(wire::FrameType::renew, *renew, out);
}

}  // namespace vg::agent
