#include "collector/http/parser.hpp"

#include "base/text.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>

namespace vg::collector::http {
namespace {

namespace beast = boost::beast::http;

constexpr std::size_t max_target = 4096;
constexpr std::size_t shortest_chunk_end = 5;  // "0\r\n\r\n": every chunked body has this much to come (RFC 9112 §7.1)

bool read_query(std::string_view text, Request& request) {
    while (!text.empty()) {
        const auto part = next_piece(text, '&');
        if (part.empty()) continue;
        const auto equals = part.find('=');
        auto name = percent_decode(part.substr(0, equals), true);
        auto value = percent_decode(equals == std::string_view::npos ? "" : part.substr(equals + 1), true);
        if (!name || !value) return false;
        request.query[std::move(*name)] = std::move(*value);
    }
    return true;
}

bool read_target(std::string_view target, Request& request) {
    if (target.size() > max_target) return false;
    for (const std::string_view scheme : {"https://", "http://"})
        if (target.starts_with(scheme)) {
            target.remove_prefix(scheme.size());
            target.remove_prefix(std::min(target.find('/'), target.size()));
        }
    const auto mark = target.find('?');
    request.raw_path = std::string(target.substr(0, mark));
    auto path = percent_decode(request.raw_path, false);
    if (!path || !path->starts_with('/')) return false;
    request.path = std::move(*path);
    return mark == std::string_view::npos || read_query(target.substr(mark + 1), request);
}

}  // namespace

struct RequestParser::Impl {
    std::size_t header_limit;
    std::optional<beast::request_parser<beast::string_body>> parser;
    std::string buffer;
    Request request;
    int refusal = 400;
    bool body_too_large = false;

    explicit Impl(std::size_t limit) : header_limit(limit) { restart(); }

    void restart() {
        parser.emplace();
        parser->header_limit(static_cast<std::uint32_t>(header_limit));
        parser->body_limit(boost::none);  // limit_body() decides once the head is known
        request = Request{};
        body_too_large = false;
    }

    bool read_head() {
        const auto& message = parser->get();
        request.method = std::string(message.method_string());
        request.keep_alive = message.keep_alive();
        for (const auto& field : message) {
            auto& value = request.headers[lower(field.name_string())];
            if (!value.empty()) value += ", ";
            value += std::string(field.value());
        }
        return read_target(message.target(), request);
    }

    State refuse(const boost::system::error_code& ec) {
        refusal = ec == beast::error::header_limit ? 431 : ec == beast::error::body_limit ? 413 : 400;
        return State::refused;
    }
};

RequestParser::RequestParser(std::size_t header_limit) : impl_(std::make_unique<Impl>(header_limit)) {}
RequestParser::~RequestParser() = default;

void RequestParser::feed(ByteView data) { impl_->buffer += text_of(data); }
const Request& RequestParser::head() const { return impl_->request; }
int RequestParser::refusal() const { return impl_->refusal; }
bool RequestParser::has_bytes() const { return !impl_->buffer.empty(); }
bool RequestParser::wants_continue() const { return is_named(impl_->request.header("expect"), "100-continue"); }

void RequestParser::limit_body(std::size_t bytes) {
    const auto length = impl_->parser->content_length();  // known before a byte of the body is held
    impl_->body_too_large = length && *length > bytes;
    impl_->parser->body_limit(bytes);
    impl_->parser->eager(true);
}

RequestParser::State RequestParser::advance() {
    auto& parser = *impl_->parser;
    const bool head_was_known = parser.is_header_done();
    if (head_was_known && impl_->body_too_large) {
        impl_->refusal = 413;
        return State::refused;
    }
    // Beast 1.81 asserts that a last chunk goes on with no less than this (boostorg/beast#2861).
    const std::size_t wanted = head_was_known && parser.chunked() ? shortest_chunk_end : 1;
    while (impl_->buffer.size() >= wanted && !parser.is_done()) {
        boost::system::error_code ec;
        const auto used = parser.put(boost::asio::buffer(impl_->buffer), ec);
        impl_->buffer.erase(0, used);
        if (ec && ec != beast::error::need_more) return impl_->refuse(ec);
        if (!head_was_known && parser.is_header_done()) return impl_->read_head() ? State::head : State::refused;
        if (ec == beast::error::need_more || used == 0) break;
    }
    return head_was_known && parser.is_done() ? State::complete : State::need_more;
}

Request RequestParser::take() {
    Request out = std::move(impl_->request);
    out.body = std::move(impl_->parser->get().body());
    impl_->restart();
    return out;
}

}  // namespace vg::collector::http
