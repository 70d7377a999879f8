// Any text as the URL of a check, and as where a page sends it: what is accepted can go into a request as it stands.
#include "probes/http/url.hpp"
#include "tests/fuzz/round_trip.hpp"

using namespace vg;
using namespace vg::probes::http;

namespace {

void check(const Result<Url>& url) {
    if (!url) {
        fuzz::require(!url.error().message.empty());
        return;
    }
    fuzz::require(!url->host.empty() && url->port != 0 && !url->target.empty() && url->target.front() == '/');
    for (const auto* text : {&url->host, &url->target, &url->authority})
        for (const char c : *text) fuzz::require(static_cast<unsigned char>(c) > ' ');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check(parse_url(text));
    Url from;
    from.host = from.authority = "intranet.tinh.vn";
    from.target = "/a/b?c";
    check(follow(from, text));
    return 0;
}
