#include "collector/http/compress.hpp"

#include "base/text.hpp"

#include <zlib.h>

namespace vg::collector::http {

std::optional<std::string> gzip(std::string_view text) {
    z_stream stream{};
    constexpr int gzip_window = 15 + 16;
    if (deflateInit2(&stream, 4, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) return std::nullopt;
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib does not write there
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return done ? std::optional(std::move(out)) : std::nullopt;
}

bool accepts_coding(std::string_view rest, std::string_view coding) {
    while (!rest.empty()) {
        auto part = next_piece(rest, ',');
        while (part.starts_with(' ')) part.remove_prefix(1);
        const bool refused = part.ends_with(";q=0");
        if (part.substr(0, part.find(';')) == coding && !refused) return true;
    }
    return false;
}

}  // namespace vg::collector::http
