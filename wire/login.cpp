// The messages of coming in and going out: refusals, enrolment, certificates, tokens, farewell.
#include "base/text.hpp"
#include "wire/field_reader.hpp"
#include "wire/messages.hpp"
#include "wire/texts.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace vg::wire {
namespace {

constexpr std::array codes{
    RefuseCode::malformed_frame,
    RefuseCode::oversized_frame,
    RefuseCode::wrong_version,
    RefuseCode::unknown_message,
    RefuseCode::too_slow,
    RefuseCode::no_certificate,
    RefuseCode::foreign_certificate,
    RefuseCode::revoked_certificate,
    RefuseCode::expired_certificate,
    RefuseCode::key_in_use,
    RefuseCode::token_unknown,
    RefuseCode::token_expired,
    RefuseCode::token_used_up,
    RefuseCode::bad_request,
    RefuseCode::request_not_allowed,
    RefuseCode::unknown_series,
    RefuseCode::malformed_body,
    RefuseCode::batch_conflict,
    RefuseCode::store_unavailable,
    RefuseCode::shutting_down,
    RefuseCode::overloaded,
};

bool is_secret_character(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

const char* to_string(RefuseCode code) noexcept {
    switch (code) {
        case RefuseCode::malformed_frame: return "malformed_frame";
        case RefuseCode::oversized_frame: return "oversized_frame";
        case RefuseCode::wrong_version: return "wrong_version";
        case RefuseCode::unknown_message: return "unknown_message";
        case RefuseCode::too_slow: return "too_slow";
        case RefuseCode::no_certificate: return "no_certificate";
        case RefuseCode::foreign_certificate: return "foreign_certificate";
        case RefuseCode::revoked_certificate: return "revoked_certificate";
        case RefuseCode::expired_certificate: return "expired_certificate";
        case RefuseCode::key_in_use: return "key_in_use";
        case RefuseCode::token_unknown: return "token_unknown";
        case RefuseCode::token_expired: return "token_expired";
        case RefuseCode::token_used_up: return "token_used_up";
        case RefuseCode::bad_request: return "bad_request";
        case RefuseCode::request_not_allowed: return "request_not_allowed";
        case RefuseCode::unknown_series: return "unknown_series";
        case RefuseCode::malformed_body: return "malformed_body";
        case RefuseCode::batch_conflict: return "batch_conflict";
        case RefuseCode::store_unavailable: return "store_unavailable";
        case RefuseCode::shutting_down: return "shutting_down";
        case RefuseCode::overloaded: return "overloaded";
    }
    return "unknown";
}

Bytes encode(const Refuse& m) {
    Bytes bytes;
    Writer out(bytes);
    out.u8(static_cast<std::uint8_t>(m.code));
    out.text(clip(m.sentence));
    out.u8(m.seq ? 1 : 0);
    if (m.seq) out.varint(*m.seq);
    out.varint(m.retry_after_ms);
    return bytes;
}

template <>
Result<Refuse> decode<Refuse>(ByteView payload) {
    FieldReader in("refuse", payload);
    Refuse m;
    m.code = static_cast<RefuseCode>(in.u8("code"));
    if (std::find(codes.begin(), codes.end(), m.code) == codes.end()) in.refuse("code", "is unknown");
    m.sentence = in.text("sentence");
    if (in.u8("names a batch", 1) != 0) m.seq = in.varint("seq");
    m.retry_after_ms = static_cast<std::uint32_t>(in.varint("retry after", std::numeric_limits<std::uint32_t>::max()));
    return finished(in, std::move(m));
}

Bytes encode(const Enrol& m) {
    Bytes bytes;
    Writer out(bytes);
    out.text(clip(m.token_secret));
    out.text(m.request_pem);
    out.text(clip(m.host_name));
    out.text(clip(m.machine_id));
    return bytes;
}

template <>
Result<Enrol> decode<Enrol>(ByteView payload) {
    FieldReader in("enrol", payload);
    Enrol m;
    m.token_secret = in.text("token");
    m.request_pem = in.text("request", limits::max_pem);
    m.host_name = in.text("host name");
    m.machine_id = in.text("machine id");
    return finished(in, std::move(m));
}

Bytes encode(const Renew& m) {
    Bytes bytes;
    Writer(bytes).text(m.request_pem);
    return bytes;
}

template <>
Result<Renew> decode<Renew>(ByteView payload) {
    FieldReader in("renew", payload);
    Renew m{in.text("request", limits::max_pem)};
    return finished(in, std::move(m));
}

Bytes encode(const Certificate& m) {
    Bytes bytes;
    Writer out(bytes);
    out.text(clip(m.agent_id));
    out.text(m.chain_pem);
    out.text(m.authority_pem);
    return bytes;
}

template <>
Result<Certificate> decode<Certificate>(ByteView payload) {
    FieldReader in("certificate", payload);
    Certificate m;
    m.agent_id = in.text("agent id");
    m.chain_pem = in.text("chain", limits::max_pem);
    m.authority_pem = in.text("authority", limits::max_pem);
    return finished(in, std::move(m));
}

Bytes encode(const Bye& m) {
    Bytes bytes;
    Writer(bytes).text(clip(m.reason));
    return bytes;
}

template <>
Result<Bye> decode<Bye>(ByteView payload) {
    FieldReader in("bye", payload);
    Bye m{in.text("reason")};
    return finished(in, std::move(m));
}

std::string to_string(const Token& token) { return "vg1." + token.authority_sha256_prefix_hex + "." + token.secret; }

Result<Token> parse_token(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n", prefix = "vg1.";
    constexpr std::size_t hex_digits = 32, longest_secret = 128;
    text = trim(text, blank);
    if (!text.starts_with(prefix))
        return fail(Errc::invalid_input, say({"mã đăng ký không bắt đầu bằng vg1.; hãy chép lại nguyên vẹn",
                                              "the token does not begin with vg1.; copy it again, whole"}));
    const auto hex = text.substr(prefix.size(), hex_digits);
    if (hex.size() != hex_digits || !std::all_of(hex.begin(), hex.end(), is_hex))
        return fail(Errc::invalid_input,
                    say({"mã đăng ký thiếu 32 chữ số thập lục phân của trung tâm; hãy chép lại nguyên vẹn",
                         "the token lacks the 32 hex digits of the collector; copy it again, whole"}));
    const auto rest = text.substr(prefix.size() + hex_digits);
    if (!rest.starts_with('.'))
        return fail(Errc::invalid_input, say({"mã đăng ký thiếu dấu chấm thứ hai; hãy chép lại nguyên vẹn",
                                              "the token lacks its second dot; copy it again, whole"}));
    const auto secret = rest.substr(1);
    if (secret.empty() || secret.size() > longest_secret ||
        !std::all_of(secret.begin(), secret.end(), is_secret_character))
        return fail(Errc::invalid_input, say({"phần cuối của mã đăng ký thiếu hoặc hỏng; hãy chép lại nguyên vẹn",
                                              "the end of the token is missing or damaged; copy it again, whole"}));
    return Token{std::string(hex), std::string(secret)};
}

}  // namespace vg::wire
