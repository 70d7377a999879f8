#include "collector/http/static_files.hpp"

#include "base/crypto.hpp"
#include "collector/http/compress.hpp"
#include "collector/http/headers.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace vg::collector::http {
namespace {

namespace fs = std::filesystem;

struct File {
    std::string type, tag;
    std::string plain, gzip, brotli;
    bool is_hashed = false;  // its name changes with its content
};
using Files = std::map<std::string, File, std::less<>>;

std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::string type_of(const fs::path& path) {
    using Pair = std::pair<std::string_view, std::string_view>;
    static constexpr std::array<Pair, 14> types{Pair{".html", "text/html; charset=utf-8"},
                                                {".js", "text/javascript; charset=utf-8"},
                                                {".css", "text/css; charset=utf-8"},
                                                {".json", "application/json; charset=utf-8"},
                                                {".webmanifest", "application/manifest+json"},
                                                {".map", "application/json; charset=utf-8"},
                                                {".svg", "image/svg+xml"},
                                                {".png", "image/png"},
                                                {".ico", "image/x-icon"},
                                                {".woff2", "font/woff2"},
                                                {".txt", "text/plain; charset=utf-8"},
                                                {".wasm", "application/wasm"},
                                                {".jpg", "image/jpeg"},
                                                {".webp", "image/webp"}};
    for (const auto& [extension, type] : types)
        if (path.extension() == extension) return std::string(type);
    return "application/octet-stream";
}

Files walk(const fs::path& root) {
    Files files;
    std::error_code ec;
    for (fs::recursive_directory_iterator it(root, ec), end; !ec && it != end; it.increment(ec)) {
        if (!it->is_regular_file(ec)) continue;
        const auto path = it->path();
        if (path.extension() == ".gz" || path.extension() == ".br") continue;
        File file;
        file.plain = read(path);
        file.gzip = read(path.string() + ".gz");
        file.brotli = read(path.string() + ".br");
        file.type = type_of(path);
        file.tag = '"' + crypto::to_hex(crypto::sha256(view_of(file.plain))).substr(0, 24) + '"';
        const auto name = "/" + fs::relative(path, root, ec).generic_string();
        file.is_hashed = name.starts_with("/assets/");
        files.emplace(name, std::move(file));
    }
    return files;
}

}  // namespace

struct StaticFiles::Impl {
    fs::path root;
    Files files;
    fs::file_time_type changed{};
    std::chrono::steady_clock::time_point looked{};

    void look() {
        const auto now = std::chrono::steady_clock::now();
        if (looked.time_since_epoch().count() != 0 && now - looked < std::chrono::seconds(1)) return;
        looked = now;
        std::error_code ec;
        const auto when = fs::last_write_time(root / "index.html", ec);
        if (ec || when == changed) return;
        changed = when;
        files = walk(root);
    }
};

StaticFiles::StaticFiles(std::string root) : impl_(std::make_unique<Impl>()) {
    impl_->root = std::move(root);
    impl_->look();
}
StaticFiles::~StaticFiles() = default;

std::size_t StaticFiles::size() const { return impl_->files.size(); }

Response StaticFiles::answer(const Request& request) {
    if (request.method != "GET" && request.method != "HEAD")
        return error(405, "method_not_allowed", "Không hỗ trợ thao tác này.", "This method is not supported here.")
            .with("Allow", "GET, HEAD");
    impl_->look();
    const auto slash = request.path.rfind('/');
    const bool is_page = request.path.find('.', slash) == std::string::npos;
    const auto found = impl_->files.find(is_page ? std::string_view("/index.html") : std::string_view(request.path));
    if (found == impl_->files.end()) return error(404, "not_found", "Không có trang này.", "There is no such page.");
    const File& file = found->second;
    Response response;
    response.with("ETag", file.tag).with("Vary", "Accept-Encoding");
    response.with("Cache-Control", file.is_hashed ? "public, max-age=31536000, immutable" : "no-cache");
    if (request.header("if-none-match") == file.tag) {
        response.status = 304;
        return response;
    }
    response.with("Content-Type", file.type);
    if (!file.brotli.empty() && accepts_coding(request.header("accept-encoding"), "br")) {
        response.with("Content-Encoding", "br").body = file.brotli;
    } else if (!file.gzip.empty() && accepts_coding(request.header("accept-encoding"), "gzip")) {
        response.with("Content-Encoding", "gzip").body = file.gzip;
    } else {
        response.body = file.plain;
    }
    return response;
}

}  // namespace vg::collector::http
