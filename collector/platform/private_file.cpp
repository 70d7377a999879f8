#include "collector/platform/private_file.hpp"

#include "base/system_words.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace vg::collector {
namespace {

Error of_errno(const Text& doing) {
    const Errc code = errno == ENOENT                      ? Errc::not_found
                      : errno == ENOSPC || errno == EDQUOT ? Errc::no_space
                      : errno == EACCES || errno == EROFS  ? Errc::permission
                                                           : Errc::unavailable;
    return fail(code, because(doing, system_words(errno)));
}

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

}  // namespace

Result<std::string> read_file(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return of_errno(say({"không đọc được {}", "cannot read {}"}, path));
    std::string out;
    char buffer[4096];
    for (;;) {
        const auto n = ::read(file.get(), buffer, sizeof buffer);
        if (n < 0) return of_errno(say({"không đọc được {}", "cannot read {}"}, path));
        if (n == 0) return out;
        out.append(buffer, static_cast<std::size_t>(n));
    }
}

Result<void> write_private_file(const std::string& path, const std::string& text) {
    const std::string fresh = path + ".new";
    {
        const Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (file.get() < 0) return of_errno(say({"không ghi được {}", "cannot write {}"}, fresh));
        for (std::size_t at = 0; at < text.size();) {
            const auto n = ::write(file.get(), text.data() + at, text.size() - at);
            if (n < 0) return of_errno(say({"không ghi được {}", "cannot write {}"}, fresh));
            at += static_cast<std::size_t>(n);
        }
        if (::fsync(file.get()) != 0) return of_errno(say({"không ghi được {}", "cannot write {}"}, fresh));
    }
    if (std::rename(fresh.c_str(), path.c_str()) != 0)
        return of_errno(say({"không thay được {}", "cannot replace {}"}, path));
    return {};
}

}  // namespace vg::collector
