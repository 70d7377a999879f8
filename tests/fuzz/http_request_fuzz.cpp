// Any bytes on a connection for browsers: requests, or one refusal. Cut differently, the same bytes give the same
// requests (a header that never ends may be refused sooner or later); a path begins with '/', and nothing outgrows its
// limit. The first byte decides how it is cut.
#include "collector/http/parser.hpp"
#include "tests/fuzz/round_trip.hpp"

#include <algorithm>

using namespace vg;
using namespace vg::collector::http;

namespace {

constexpr std::size_t header_limit = 2048, body_limit = 1024;

struct Heard {
    std::vector<std::string> requests;
    int refusal = 0;
};

std::string check(const Request& request) {
    fuzz::require(!request.path.empty() && request.path.front() == '/');
    fuzz::require(request.path.find('\0') == std::string::npos);
    fuzz::require(request.body.size() <= body_limit && request.raw_path.size() <= header_limit);
    std::string text = request.method + ' ' + request.path + ' ' + request.body;
    for (const auto& [name, value] : request.headers) {
        fuzz::require(value.find_first_of("\r\n") == std::string::npos);
        text += '\n' + name + ':' + value;
    }
    for (const auto& [name, value] : request.query) text += '&' + name + '=' + value;
    (void)request.cookie("vg_session");
    return text;
}

Heard hear(ByteView bytes, std::size_t piece) {
    RequestParser parser(header_limit);
    Heard heard;
    for (;;) {
        switch (parser.advance()) {
            case RequestParser::State::need_more:
                if (bytes.empty()) return heard;
                parser.feed(bytes.first(std::min(piece, bytes.size())));
                bytes = bytes.subspan(std::min(piece, bytes.size()));
                break;
            case RequestParser::State::head:
                (void)parser.wants_continue();
                parser.limit_body(body_limit);
                break;
            case RequestParser::State::complete: heard.requests.push_back(check(parser.take())); break;
            case RequestParser::State::refused:
                heard.refusal = parser.refusal();
                fuzz::require(heard.refusal >= 400 && heard.refusal < 600);
                return heard;
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView bytes(data + 1, size - 1);
    const auto whole = hear(bytes, std::max<std::size_t>(1, bytes.size()));
    const auto cut = hear(bytes, 1 + data[0] % 64);
    fuzz::require(whole.requests == cut.requests);
    return 0;
}
