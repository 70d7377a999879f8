#include "tests/load/identities.hpp"

#include "base/tls.hpp"
#include "wire/limits.hpp"
#include "wire/messages.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

namespace vg::load {
namespace {

constexpr std::size_t at_once = 32;
constexpr auto patience = std::chrono::seconds(30);

tls::Deadline soon() { return std::chrono::steady_clock::now() + patience; }

asio::awaitable<Result<wire::Frame>> one_frame(tls::Stream& stream) {
    wire::FrameParser parser(wire::limits::max_frame);
    Bytes room(4096);
    for (;;) {
        auto frame = parser.next();
        if (frame.has_error()) co_return frame.error();
        if (*frame) co_return std::move(**frame);
        const auto got = co_await stream.read_some(room, soon());
        if (got.has_error()) co_return got.error();
        parser.feed(ByteView(room).first(*got));
    }
}

bool shows_authority(const tls::Peer& peer, const std::string& prefix) {
    return std::any_of(peer.chain_pem.begin(), peer.chain_pem.end(), [&](const auto& pem) {
        const auto info = x509::inspect(pem);
        return info && info->fingerprint_sha256_hex.starts_with(prefix);
    });
}

asio::awaitable<Result<Member>> enrol_one(const Collector& collector, const tls::Context& context, wire::Token token,
                                          std::string host_name) {
    asio::ip::tcp::socket socket(co_await asio::this_coro::executor);
    boost::system::error_code failed;
    co_await socket.async_connect(collector.endpoint, asio::redirect_error(asio::use_awaitable, failed));
    if (failed) co_return fail(Errc::unavailable, value_of(failed.message()));
    tls::Stream stream(std::move(socket), context);
    const auto shaken = co_await stream.connect(collector.server_name, soon());
    if (shaken.has_error()) co_return shaken.error();
    if (!shows_authority(stream.peer(), token.authority_sha256_prefix_hex))
        co_return fail(Errc::refused, value_of("the collector does not show the authority that the token names"));
    const auto key = x509::make_key();
    if (!key) co_return key.error();
    const auto request = x509::make_request(key->private_pem, host_name);
    if (!request) co_return request.error();
    Bytes out;
    wire::append_message(wire::FrameType::enrol, wire::Enrol{token.secret, *request, host_name, host_name}, out);
    const auto written = co_await stream.write_all(out, soon());
    if (written.has_error()) co_return written.error();
    const auto frame = co_await one_frame(stream);
    if (!frame) co_return frame.error();
    if (frame->type == wire::FrameType::refuse) {
        const auto refusal = wire::decode<wire::Refuse>(frame->payload);
        co_return fail(Errc::refused, value_of(refusal ? refusal->sentence : refusal.error().message));
    }
    const auto given = wire::decode<wire::Certificate>(frame->payload);
    if (!given) co_return given.error();
    co_return Member{given->agent_id, {key->private_pem, given->chain_pem}, given->authority_pem};
}

// What the enrolling coroutines share; each takes the next number until there is none.
struct Enrolling {
    Collector collector;
    std::vector<wire::Token> tokens;
    tls::Context context;
    std::vector<Member> members;
    std::size_t next = 0;
    std::size_t running = 0;
    std::optional<Error> failed;
    asio::steady_timer done;
};

asio::awaitable<void> enrol_some(std::shared_ptr<Enrolling> all) {
    while (all->next < all->members.size() && !all->failed) {
        const auto i = all->next++;
        // Named, because GCC 12 does not always keep temporaries of an awaited expression whole.
        auto host_name = "load-" + std::to_string(i);
        auto one = enrol_one(all->collector, all->context, all->tokens[i % all->tokens.size()], std::move(host_name));
        auto member = co_await std::move(one);
        if (member.has_error())
            all->failed = member.error();
        else
            all->members[i] = std::move(*member);
    }
    if (--all->running == 0) all->done.cancel();
}

Result<std::string> content_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return fail(Errc::not_found, value_of(file + " cannot be read"));
    return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

asio::awaitable<Result<std::vector<Member>>> enrol(Collector collector, std::vector<std::string> texts, std::size_t n) {
    std::vector<wire::Token> tokens;
    for (const auto& text : texts) {
        const auto token = wire::parse_token(text);
        if (!token) co_return token.error();
        tokens.push_back(*token);
    }
    if (tokens.empty()) co_return fail(Errc::invalid_input, value_of("there is no token to enrol with"));
    tls::Context::Options options;
    options.check = tls::PeerCheck::none;  // the token names the authority
    options.alpn = {wire::limits::alpn_enrol};
    auto context = tls::Context::make(options);
    if (!context) co_return context.error();
    const auto executor = co_await asio::this_coro::executor;
    auto all = std::make_shared<Enrolling>(Enrolling{std::move(collector), std::move(tokens), std::move(*context),
                                                     std::vector<Member>(n), 0, std::min(at_once, n), std::nullopt,
                                                     asio::steady_timer(executor)});
    all->done.expires_after(std::chrono::hours(1));
    for (std::size_t i = all->running; i > 0; --i)
        asio::co_spawn(executor, enrol_some(all), [](std::exception_ptr thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
    boost::system::error_code woken;
    if (n > 0) co_await all->done.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (all->failed) co_return *all->failed;
    co_return std::move(all->members);
}

Result<std::vector<Member>> sign_all(const std::string& data_dir, std::size_t n) {
    const auto key = content_of(data_dir + "/ca.key");
    if (!key) return key.error();
    const auto certificate = content_of(data_dir + "/ca.crt");
    if (!certificate) return certificate.error();
    const x509::Identity authority{*key, *certificate};
    const auto now = system_clock().wall();
    std::vector<Member> members;
    for (std::size_t i = 0; i < n; ++i) {
        const auto own = x509::make_key();
        if (!own) return own.error();
        const auto number = std::to_string(i);
        const auto id = "10ad" + std::string(12 - std::min<std::size_t>(number.size(), 12), '0') + number;
        const auto request = x509::make_request(own->private_pem, id);
        if (!request) return request.error();
        const auto signed_pem =
            x509::sign(authority, *request,
                       {id, {}, x509::Usage::client, now - std::chrono::hours(1), now + std::chrono::hours(24 * 30)});
        if (!signed_pem) return signed_pem.error();
        members.push_back({id, {own->private_pem, *signed_pem}, *certificate});
    }
    return members;
}

Result<std::vector<Member>> read_members(const std::string& file) {
    const auto content = content_of(file);
    if (!content) return content.error();
    Reader in(view_of(*content));
    std::vector<Member> members;
    while (in.ok() && in.left() > 0) {
        auto id = in.text(wire::limits::max_text);
        auto key = in.text(wire::limits::max_pem);
        auto certificate = in.text(wire::limits::max_pem);
        members.push_back({std::move(id), {std::move(key), std::move(certificate)}, in.text(wire::limits::max_pem)});
    }
    if (!in.ok()) return fail(Errc::corrupt, value_of(file + " is damaged"));
    return members;
}

Result<void> write_members(const std::string& file, const std::vector<Member>& members) {
    Bytes bytes;
    Writer out(bytes);
    for (const auto& member : members) {
        out.text(member.id);
        out.text(member.identity.private_pem);
        out.text(member.identity.certificate_pem);
        out.text(member.authority_pem);
    }
    std::ofstream to(file, std::ios::binary | std::ios::trunc);
    to.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    to.close();
    if (!to) return fail(Errc::no_space, value_of(file + " cannot be written"));
    return {};
}

}  // namespace vg::load
