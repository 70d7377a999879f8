#include "agent/platform/files.hpp"

#include "base/system_words.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace vg::agent::platform {
namespace {

constexpr std::size_t largest = 4 * 1024 * 1024;

Error error_of(const Text& doing, int number) {
    Errc code = Errc::unavailable;
    if (number == ENOENT) code = Errc::not_found;
    if (number == EACCES || number == EPERM || number == EROFS) code = Errc::permission;
    if (number == ENOSPC || number == EDQUOT) code = Errc::no_space;
    return fail(code, because(doing, system_words(number)));
}

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int get() const { return number_; }

private:
    int number_;
};

Result<void> write_whole(int descriptor, std::string_view text, const std::string& path) {
    while (!text.empty()) {
        const auto n = ::write(descriptor, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return error_of(say({"không ghi được {}", "cannot write {}"}, path), errno);
        text.remove_prefix(static_cast<std::size_t>(n));
    }
    if (::fsync(descriptor) != 0)
        return error_of(say({"không ghi chắc được {} xuống đĩa", "cannot sync {}"}, path), errno);
    return {};
}

void sync_directory_of(const std::string& path) {
    const auto slash = path.rfind('/');
    const Descriptor directory(::open(slash == std::string::npos ? "." : path.substr(0, slash + 1).c_str(),
                                      O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() >= 0) ::fsync(directory.get());
}

}  // namespace

Result<void> make_private_directory(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0) {
        if (S_ISDIR(info.st_mode)) return {};
        return fail(Errc::conflict, say({"{} không phải thư mục", "{} is not a directory"}, path));
    }
    if (const auto slash = path.rfind('/'); slash != std::string::npos && slash > 0)
        if (auto done = make_private_directory(path.substr(0, slash)); done.has_error()) return done;
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return error_of(say({"không tạo được thư mục {}", "cannot make the directory {}"}, path), errno);
    return {};
}

Result<void> write_file(const std::string& path, std::string_view text) {
    const auto beside = path + ".tmp";
    {
        const Descriptor out(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (out.get() < 0) return error_of(say({"không ghi được {}", "cannot write {}"}, beside), errno);
        if (auto done = write_whole(out.get(), text, beside); done.has_error()) return done;
    }
    return rename_file(beside, path);
}

Result<std::string> read_file(const std::string& path) {
    const Descriptor in(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (in.get() < 0) return error_of(say({"không đọc được {}", "cannot read {}"}, path), errno);
    std::string text;
    char buffer[4096];
    for (;;) {
        const auto n = ::read(in.get(), buffer, sizeof buffer);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return error_of(say({"không đọc được {}", "cannot read {}"}, path), errno);
        if (n == 0) return text;
        text.append(buffer, static_cast<std::size_t>(n));
        if (text.size() > largest)
            return fail(Errc::invalid_input, say({"{} lớn hơn 4 MiB", "{} is larger than 4 MiB"}, path));
    }
}

Result<void> rename_file(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0)
        return error_of(say({"không đổi tên được {} thành {}", "cannot rename {} to {}"}, from, to), errno);
    sync_directory_of(to);
    return {};
}

void remove_file(const std::string& path) { ::unlink(path.c_str()); }

Result<DirectoryLock> DirectoryLock::take(const std::string& directory) {
    const auto path = directory + "/lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return error_of(say({"không mở được {}", "cannot open {}"}, path), errno);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return fail(Errc::conflict,
                    say({"một trạm gác khác đang chạy với {}", "another agent already runs on {}"}, directory));
    }
    return DirectoryLock(descriptor);
}

Result<bool> DirectoryLock::is_held(const std::string& directory) {
    const auto path = directory + "/lock";
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 && errno == ENOENT) return false;
    if (descriptor < 0) return error_of(say({"không mở được {}", "cannot open {}"}, path), errno);
    const bool held = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0;
    ::close(descriptor);
    return held;
}

DirectoryLock::~DirectoryLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace vg::agent::platform
