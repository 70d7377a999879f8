#include "collector/enrolment.hpp"

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "collector/tokens.hpp"

namespace vg::collector {
namespace {

using wire::RefuseCode;
using Outcome = std::variant<wire::Certificate, wire::Refuse>;

wire::Refuse store_refusal() {
    return refusal(RefuseCode::store_unavailable, "the collector cannot write to its disk now", 60'000);
}

// On the pipeline thread. The request is checked before the token is used up.
Outcome enrol(Pipeline& pipeline, const Authority& authority, const wire::Enrol& wanted) {
    const Time now = pipeline.clock().wall();
    const auto id = crypto::to_hex(crypto::random_bytes(8));
    auto certificate = authority.sign_agent(wanted.request_pem, id, now);
    if (!certificate)
        return refusal(RefuseCode::bad_request, "the certificate request cannot be read or is not signed");
    auto token = redeem_enrolment_token(pipeline.store(), wanted.token_secret, now);
    if (!token) return store_refusal();
    if (!token->ok) return refusal(token->refusal, wire::to_string(token->refusal));
    Enrolment enrolment;
    enrolment.id = id;
    enrolment.site = token->site;
    enrolment.host = well_formed(wanted.host_name);
    enrolment.machine_id = well_formed(wanted.machine_id);
    enrolment.key_sha256_hex = certificate->key_sha256_hex;
    enrolment.serial_hex = certificate->serial_hex;
    enrolment.enrolled = now;
    enrolment.expires = certificate->expires;
    if (auto kept = pipeline.enrolled(enrolment); !kept) return store_refusal();
    return wire::Certificate{id, certificate->certificate_pem, authority.certificate_pem()};
}

}  // namespace

asio::awaitable<void> serve_enrolment(tls::Stream stream, Core& core, std::shared_ptr<const Authority> authority,
                                      const FrameLimits& limits, std::span<std::uint8_t> scratch) {
    FramedReader reader(stream, limits, core.counters());
    auto got = co_await reader.next(scratch, true);
    Outcome outcome;
    if (auto* end = std::get_if<ReadEnd>(&got)) {
        if (!end->refuse) co_return;
        outcome = std::move(*end->refuse);
    } else if (const auto& frame = std::get<wire::Frame>(got); frame.type != wire::FrameType::enrol) {
        outcome = refusal(RefuseCode::unknown_message, "an enrolment begins with an enrol frame");
    } else if (auto wanted = wire::decode<wire::Enrol>(frame.payload); !wanted) {
        outcome = refusal(RefuseCode::malformed_frame, "this enrolment cannot be read");
    } else {
        auto work = [&authority, &wanted](Pipeline& pipeline) { return enrol(pipeline, *authority, *wanted); };
        outcome = co_await core.ask(work);
    }
    Bytes out;
    if (const auto* refuse = std::get_if<wire::Refuse>(&outcome)) {
        core.counters().refused(refuse->code);
        log::info("enrolment", std::string("refused: ") + wire::to_string(refuse->code));
        wire::append_message(wire::FrameType::refuse, *refuse, out);
    } else {
        core.counters().enrolments++;
        wire::append_message(wire::FrameType::certificate, std::get<wire::Certificate>(outcome), out);
    }
    co_await say_and_close(stream, std::move(out), limits);
}

}  // namespace vg::collector
