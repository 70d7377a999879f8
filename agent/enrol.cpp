#include "agent/enrol.hpp"

#include "agent/link.hpp"
#include "agent/platform/files.hpp"
#include "base/tls.hpp"
#include "wire/limits.hpp"
#include "wire/refuse_words.hpp"

#include <boost/asio/use_awaitable.hpp>

namespace vg::agent {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds patience{20};

tls::Context::Options enrol_tls() {
    tls::Context::Options options;
    options.alpn = {wire::limits::alpn_enrol};
    options.check_time = false;  // the clock of a machine that is being set up may be wrong
    return options;
}

asio::awaitable<Result<tls::Stream>> open(asio::io_context& io, const EnrolOptions& options,
                                          const tls::Context& context, tls::Deadline deadline) {
    auto socket = co_await dial(io, options.collector, deadline);
    if (socket.has_error()) co_return socket.error();
    tls::Stream stream(std::move(*socket), context);
    if (auto done = co_await stream.connect(options.server_name, deadline); done.has_error()) co_return done.error();
    co_return std::move(stream);
}

// The certificate of the shown chain whose hash the token carries. The chain proves nothing yet: whoever can answer can
// show it; the second connection is checked against it.
asio::awaitable<Result<std::string>> find_authority(asio::io_context& io, const EnrolOptions& options,
                                                    const wire::Token& token, tls::Deadline deadline) {
    auto tls_options = enrol_tls();
    tls_options.check = tls::PeerCheck::none;
    auto context = tls::Context::make(tls_options);
    if (context.has_error()) co_return context.error();
    auto stream = co_await open(io, options, *context, deadline);
    if (stream.has_error()) co_return stream.error();
    for (const auto& pem : stream->peer().chain_pem) {
        auto info = x509::inspect(pem);
        if (info.has_value() && info->fingerprint_sha256_hex.starts_with(token.authority_sha256_prefix_hex))
            co_return pem;
    }
    co_return fail(Errc::refused,
                   say({"máy chủ ở {} không phải trung tâm đã tạo mã đăng ký này (khác cơ quan chứng thực)",
                        "the server at {} is not the collector that this token was made by (its authority differs)"},
                       options.collector.host));
}

asio::awaitable<Result<wire::Certificate>> ask(tls::Stream& stream, const wire::Enrol& message,
                                               tls::Deadline deadline) {
    Bytes out;
    wire::append_message(wire::FrameType::enrol, message, out);
    if (auto sent = co_await stream.write_all(out, deadline); sent.has_error()) co_return sent.error();
    wire::FrameParser parser(64 * 1024);
    std::array<std::uint8_t, 2048> buffer;
    for (;;) {
        auto got = co_await stream.read_some(buffer, deadline);
        if (got.has_error()) co_return got.error();
        parser.feed(ByteView(buffer.data(), *got));
        auto frame = parser.next();
        if (frame.has_error()) co_return frame.error();
        if (!*frame) continue;
        if ((*frame)->type == wire::FrameType::certificate)
            co_return wire::decode<wire::Certificate>((*frame)->payload);
        if ((*frame)->type != wire::FrameType::refuse)
            co_return fail(Errc::invalid_input, say({"trung tâm trả lời việc đăng ký bằng một tin khác",
                                                     "the collector answered the enrolment with something else"}));
        auto refuse = wire::decode<wire::Refuse>((*frame)->payload);
        if (refuse.has_error()) co_return refuse.error();
        const auto advice = enrolment_advice(refuse->code);
        if (!advice.is_whole())
            co_return fail(Errc::refused,
                           say({"trung tâm từ chối: {}", "the collector refuses: {}"}, wire::in_words(*refuse)));
        co_return fail(Errc::refused, Text{advice.vi, refuse->sentence + "; " + advice.en});
    }
}

}  // namespace

Text enrolment_advice(wire::RefuseCode code) {
    switch (code) {
        case wire::RefuseCode::token_unknown:
            return say(
                {"mã đăng ký không đúng; hãy chép lại nguyên vẹn", "the token is not known; copy it again, whole"});
        case wire::RefuseCode::token_expired:
            return say({"mã đăng ký đã hết hạn; hãy xin mã mới từ trung tâm",
                        "the token has expired; ask the collector's administrator for a new one"});
        case wire::RefuseCode::token_used_up:
            return say({"mã đăng ký đã dùng hết số lần; hãy xin mã mới từ trung tâm",
                        "the token has been used as often as it may be; ask for a new one"});
        case wire::RefuseCode::malformed_frame:
        case wire::RefuseCode::oversized_frame:
        case wire::RefuseCode::wrong_version:
        case wire::RefuseCode::unknown_message:
        case wire::RefuseCode::too_slow:
        case wire::RefuseCode::no_certificate:
        case wire::RefuseCode::foreign_certificate:
        case wire::RefuseCode::revoked_certificate:
        case wire::RefuseCode::expired_certificate:
        case wire::RefuseCode::key_in_use:
        case wire::RefuseCode::bad_request:
        case wire::RefuseCode::request_not_allowed:
        case wire::RefuseCode::unknown_series:
        case wire::RefuseCode::malformed_body:
        case wire::RefuseCode::batch_conflict:
        case wire::RefuseCode::store_unavailable:
        case wire::RefuseCode::shutting_down:
        case wire::RefuseCode::overloaded: return {};
    }
    return {};
}

Result<std::string> find_token(const std::string& given, const Config& config) {
    if (given.empty() && config.token_file.empty())
        return fail(Errc::invalid_input,
                    say({"thiếu mã đăng ký; hãy thêm --token MÃ, hoặc token_file trong tệp cấu hình",
                         "a token is missing; add --token TOKEN, or token_file in the configuration "
                         "file"}));
    auto token = given.empty() ? platform::read_file(config.token_file) : Result<std::string>(given);
    if (token.has_error()) return token.error();
    const auto read = wire::parse_token(*token);
    if (read.has_value()) return wire::to_string(*read);
    const auto& source = given.empty() ? config.token_file : std::string("--token");
    return fail(read.error().code, because(value_of(source), told(read.error())));
}

asio::awaitable<Result<Identity>> enrol(asio::io_context& io, EnrolOptions options) {
    const auto token = wire::parse_token(options.token);
    if (token.has_error()) co_return token.error();
    if (auto done = platform::make_private_directory(options.state_dir); done.has_error()) co_return done.error();
    const auto deadline = steady_clock::now() + patience;

    auto authority = co_await find_authority(io, options, *token, deadline);
    if (authority.has_error()) co_return authority.error();
    auto tls_options = enrol_tls();
    tls_options.trusted_pem = *authority;
    auto context = tls::Context::make(tls_options);
    if (context.has_error()) co_return context.error();
    auto stream = co_await open(io, options, *context, deadline);
    if (stream.has_error()) co_return stream.error();

    auto key = x509::make_key();
    if (key.has_error()) co_return key.error();
    auto request =
        x509::make_request(key->private_pem, options.host_name.empty() ? "agent" : options.host_name.substr(0, 64));
    if (request.has_error()) co_return request.error();
    const wire::Enrol message{token->secret, *request, options.host_name, options.machine_id};
    auto certificate = co_await ask(*stream, message, deadline);
    if (certificate.has_error()) co_return certificate.error();
    certificate->authority_pem = *authority;  // the one that the token vouches for
    co_return store_identity(options.state_dir, key->private_pem, *certificate);
}

}  // namespace vg::agent
