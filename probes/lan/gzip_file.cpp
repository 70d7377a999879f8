#include "probes/lan/gzip_file.hpp"

#include "base/system_words.hpp"

#include <dlfcn.h>
#include <zlib.h>

#include <cerrno>

namespace vg::probes::lan {
namespace {

struct Zlib {
    void* handle = nullptr;
    decltype(&gzopen) open = nullptr;
    decltype(&gzread) read = nullptr;
    decltype(&gzclose) close = nullptr;

    template <class F>
    bool find(F& function, const char* name) {
        function = reinterpret_cast<F>(::dlsym(handle, name));
        return function != nullptr;
    }
    bool load() {
        handle = ::dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL);
        return handle && find(open, "gzopen") && find(read, "gzread") && find(close, "gzclose");
    }
};

const Zlib* zlib() {
    static Zlib loaded;
    static const bool good = loaded.load();
    return good ? &loaded : nullptr;
}

ssize_t read_packed(void* cookie, char* to, size_t size) {
    return zlib()->read(static_cast<gzFile>(cookie), to, static_cast<unsigned>(size));
}
int close_packed(void* cookie) { return zlib()->close(static_cast<gzFile>(cookie)); }

bool is_packed(std::FILE* file) {
    unsigned char magic[2] = {};
    const bool is = std::fread(magic, 1, 2, file) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
    std::rewind(file);
    return is;
}

}  // namespace

Result<std::FILE*> open_maybe_packed(const std::string& path) {
    auto* plain = std::fopen(path.c_str(), "rbe");
    if (!plain)
        return fail(Errc::not_found,
                    say({"không mở được {}: {}", "{} cannot be opened: {}"}, path, system_words(errno)));
    if (!is_packed(plain)) return plain;
    (void)std::fclose(plain);
    const auto* lib = zlib();
    if (!lib)
        return fail(Errc::unavailable, say({"{} nén bằng gzip mà máy này không có zlib",
                                            "{} is packed by gzip, and zlib is not on this machine"},
                                           path));
    auto* packed = lib->open(path.c_str(), "rb");
    if (!packed)
        return fail(Errc::unavailable,
                    say({"không mở được {}: {}", "{} cannot be opened: {}"}, path, system_words(errno)));
    auto* file = ::fopencookie(packed, "r", {read_packed, nullptr, nullptr, close_packed});
    if (!file) {
        (void)lib->close(packed);
        return fail(Errc::unavailable, say({"{}: hết bộ nhớ", "{}: no memory"}, path));
    }
    return file;
}

}  // namespace vg::probes::lan
