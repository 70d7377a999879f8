// What a session hears: the welcome, acknowledgements, refusals, assignments, certificates.
#include "agent/session_state.hpp"
#include "base/log.hpp"
#include "wire/refuse_words.hpp"

#include <algorithm>

namespace vg::agent {

template <class M, class Take>
bool Session::Impl::with(const wire::Frame& frame, Take&& take) {
    auto message = wire::decode<M>(frame.payload);
    if (message.has_error()) {
        finish(EndKind::broken,
               say({"trung tâm gửi một tin không đọc được: {}", "the collector sent a message that cannot be read: {}"},
                   message.error()));
        return false;
    }
    take(*message);
    return !ended;
}

bool Session::Impl::handle(const wire::Frame& frame) {
    talk.note_heard();
    switch (frame.type) {
        case wire::FrameType::welcome:
            return with<wire::Welcome>(frame, [&](const wire::Welcome& message) {
                if (message.version != wire::limits::protocol_version) {
                    finish(EndKind::broken, say({"trung tâm dùng phiên bản giao thức khác",
                                                 "the collector speaks another version of the protocol"}));
                    return;
                }
                names_sent = std::min(message.names_known, host.spool.names_defined());
                if (auto done = host.spool.note_unknown(message.missing); done.has_error())
                    log::warning("link", done.error().message);
                welcome = end.was_welcome = true;
                if (host.welcomed) host.welcomed();
            });
        case wire::FrameType::ack: return with<wire::Ack>(frame, [&](const wire::Ack& ack) { on_ack(ack); });
        case wire::FrameType::assignment:
            return with<wire::Assignment>(frame,
                                          [&](const wire::Assignment& message) { host.take_assignment(message); });
        case wire::FrameType::refuse:
            return with<wire::Refuse>(frame, [&](const wire::Refuse& refuse) { on_refuse(refuse); });
        case wire::FrameType::certificate:
            return with<wire::Certificate>(frame, [&](const wire::Certificate& message) {
                host.take_certificate(message);
                finish(EndKind::renewed, say({"đã nhận chứng thư mới", "a new certificate came"}));
            });
        case wire::FrameType::pulse:
            return with<wire::Pulse>(
                frame, [&](const wire::Pulse& pulse) { talk.note_pulse(Mono{Millis{pulse.mono_ms_echo}}); });
        case wire::FrameType::hello:
        case wire::FrameType::batch:
        case wire::FrameType::heartbeat:
        case wire::FrameType::names:
        case wire::FrameType::bye:
        case wire::FrameType::enrol:
        case wire::FrameType::renew: break;
    }
    finish(EndKind::broken, say({"trung tâm gửi một tin mà chỉ trạm gác mới gửi",
                                 "the collector sent a message that only agents send"}));
    return false;
}

void Session::Impl::on_ack(const wire::Ack& ack) {
    host.spool.acknowledge(ack.seqs);
    for (const auto seq : ack.seqs) window.note_done(seq);
    host.spool.set_corrected(ack.corrected_at_zero_ms, ack.error_ms);
    host.spool.set_note("last_ack", std::to_string(host.clock.wall().time_since_epoch().count()));
    // Only a window that was full, or a goodbye, waits for this.
    if (bye || window.in_flight() > 0) wake();
}

void Session::Impl::on_refuse(const wire::Refuse& refuse) {
    if (refuse.seq && !ended) {
        on_batch_refused(refuse);
        return;
    }
    end.code = refuse.code;
    end.retry_after = Millis{refuse.retry_after_ms};
    finish(EndKind::refused, say({"trung tâm từ chối: {}", "the collector refused: {}"}, wire::in_words(refuse)));
}

// The connection lives on; what becomes of the batch depends on whose fault it is.
void Session::Impl::on_batch_refused(const wire::Refuse& refuse) {
    const auto seq = *refuse.seq;
    if (refuse.code == wire::RefuseCode::unknown_series && names_refused++ < 3) {
        names_sent = 0;
        window.send_again(seq);
        wake();
        return;
    }
    const bool is_ours = refuse.code == wire::RefuseCode::malformed_body ||
                         refuse.code == wire::RefuseCode::batch_conflict ||
                         refuse.code == wire::RefuseCode::unknown_series;
    if (!is_ours) {  // the collector cannot now: everything waits here
        end.code = refuse.code;
        end.retry_after = Millis{refuse.retry_after_ms};
        finish(EndKind::refused, say({"trung tâm từ chối: {}", "the collector refused: {}"}, wire::in_words(refuse)));
        return;
    }
    log::warning("link", "the collector will not take batch " + std::to_string(seq) + ": " + refuse.sentence);
    window.note_done(seq);
    if (auto done = host.spool.give_up(seq, std::string("refused: ") + wire::to_string(refuse.code)); done.has_error())
        log::warning("link", done.error().message);
    if (auto done = host.spool.report_lost(); done.has_error()) log::warning("link", done.error().message);
    wake();
}

}  // namespace vg::agent
