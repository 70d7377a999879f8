#include "probes/inventory/platform/linux_files.hpp"

#include "probes/inventory/words.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace vg::probes::inventory {
namespace {

class File {
public:
    // A pipe or a terminal in a file's place must not hold us up.
    explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }
    // Bytes read; 0 at the end or when it cannot be read.
    [[nodiscard]] std::size_t read(char* to, std::size_t most) const {
        for (;;) {
            const auto n = ::read(fd_, to, most);
            if (n < 0 && errno == EINTR) continue;
            return n > 0 ? static_cast<std::size_t>(n) : 0;
        }
    }

private:
    int fd_;
};

}  // namespace

std::optional<std::string> Tree::read(const std::string& path, std::size_t most) const {
    const File file(full(path));
    if (!file.is_open()) return std::nullopt;
    std::string text;
    char piece[4096];
    while (text.size() < most) {
        const auto n = file.read(piece, std::min(sizeof piece, most - text.size()));
        if (n == 0) break;
        text.append(piece, n);
    }
    return text;
}

std::string Tree::word(const std::string& path) const {
    const auto text = read(path, 1024);
    return text ? clean(std::string_view(*text).substr(0, text->find('\n'))) : std::string();
}

std::optional<std::int64_t> Tree::number(const std::string& path) const { return to_number<std::int64_t>(word(path)); }

bool Tree::each_piece(const std::string& path, const std::function<void(std::string_view)>& take) const {
    const File file(full(path));
    if (!file.is_open()) return false;
    constexpr std::size_t size = 32 * 1024;
    const auto piece = std::make_unique<char[]>(size);
    for (std::size_t n = 0; (n = file.read(piece.get(), size)) > 0;) take({piece.get(), n});
    return true;
}

std::vector<std::string> Tree::names(const std::string& folder) const {
    std::vector<std::string> out;
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(full(folder).c_str()), ::closedir);
    if (!open) return out;
    while (const auto* entry = ::readdir(open.get())) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") out.emplace_back(name);
    }
    std::ranges::sort(out);
    return out;
}

bool Tree::exists(const std::string& path) const { return ::access(full(path).c_str(), F_OK) == 0; }

std::string Tree::link(const std::string& path) const {
    char to[1024];
    const auto n = ::readlink(full(path).c_str(), to, sizeof to);
    return n > 0 ? std::string(to, static_cast<std::size_t>(n)) : std::string();
}

std::optional<Tree::Glance> Tree::glance(const std::string& path) const {
    struct stat info {};
    if (::stat(full(path).c_str(), &info) != 0) return std::nullopt;
    return Glance{info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec,
                  static_cast<std::uint64_t>(info.st_size), info.st_ino,
                  info.st_uid == 0 && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0};
}

std::uint64_t Tree::stamp(const std::vector<std::string>& paths) const {
    std::uint64_t sum = 0;
    const auto mix = [&sum](std::uint64_t more) { sum = (sum ^ more) * 0x9e3779b97f4a7c15 + (sum >> 29); };
    for (const auto& path : paths) {
        const auto seen = glance(path);
        mix(seen ? 1 : 0);
        if (!seen) continue;
        mix(static_cast<std::uint64_t>(seen->changed_ns));
        mix(seen->size);
        mix(seen->inode);
    }
    return sum;
}

}  // namespace vg::probes::inventory
