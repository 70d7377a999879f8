#include "base/system_words.hpp"
#include "probes/auth_log/line_cutter.hpp"
#include "probes/auth_log/lines.hpp"
#include "probes/auth_log/syslog_line.hpp"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <filesystem>
#include <utility>

namespace vg::probes::auth_log {
namespace {

namespace asio = boost::asio;

constexpr std::size_t most_lines = 500;

class File {
public:
    File() = default;
    explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    File& operator=(File&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }
    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] struct stat state() const {
        struct stat s {};
        if (fd_ >= 0) (void)::fstat(fd_, &s);
        return s;
    }

private:
    int fd_ = -1;
};

// Watches the folder, so that a file which is moved away and made anew is seen, and the file itself for its growth.
class FileFollower final : public LineSource {
public:
    FileFollower(asio::io_context& io, int inotify, std::string path, bool from_start)
        : notices_(io, inotify), path_(std::move(path)), name_(std::filesystem::path(path_).filename()) {
        file_ = File(path_);
        if (file_.is_open() && !from_start) at_ = file_.state().st_size;
    }

    asio::awaitable<Result<std::vector<LogLine>>> next() override {
        for (;;) {
            auto lines = read_lines();
            if (!lines.empty()) co_return lines;
            boost::system::error_code error;
            co_await notices_.async_wait(asio::posix::stream_descriptor::wait_read,
                                         asio::redirect_error(asio::use_awaitable, error));
            if (error) co_return fail(Errc::cancelled, say({"đã dừng", "stopped"}));
            drain_notices();
        }
    }

    void cancel() override { notices_.cancel(); }

private:
    std::vector<LogLine> read_lines() {
        std::vector<std::string> texts;
        read_on(texts);
        if (texts.size() < most_lines && was_replaced()) {  // what the old file still held came first
            cutter_.forget();
            file_ = File(path_);
            at_ = 0;
            read_on(texts);
        }
        std::vector<LogLine> lines;
        lines.reserve(texts.size());
        for (const auto& text : texts) {
            const auto parts = parse_syslog(text);
            lines.push_back({std::string(parts.program), parts.pid, std::string(parts.message)});
        }
        return lines;
    }

    void read_on(std::vector<std::string>& texts) {
        if (!file_.is_open()) return;
        if (file_.state().st_size < at_) {  // truncated in place
            at_ = 0;
            cutter_.forget();
        }
        char buffer[16 * 1024];
        while (texts.size() < most_lines) {
            const auto n = ::pread(file_.fd(), buffer, sizeof buffer, at_);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return;
            at_ += n;
            cutter_.feed({buffer, static_cast<std::size_t>(n)}, texts);
        }
    }

    [[nodiscard]] bool was_replaced() const {
        struct stat now {};
        if (::stat(path_.c_str(), &now) != 0) return false;  // moved away, not yet made anew
        if (!file_.is_open()) return true;
        const auto mine = file_.state();
        return now.st_ino != mine.st_ino || now.st_dev != mine.st_dev;
    }

    void drain_notices() {
        alignas(inotify_event) char buffer[4096];
        while (::read(notices_.native_handle(), buffer, sizeof buffer) > 0) {}
    }

    asio::posix::stream_descriptor notices_;
    std::string path_, name_;
    File file_;
    off_t at_ = 0;
    LineCutter cutter_;
};

}  // namespace

Result<std::unique_ptr<LineSource>> follow_file(asio::io_context& io, std::string path, bool from_start) {
    const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0)
        return fail(Errc::unavailable, say({"không dùng được inotify: {}", "no inotify: {}"}, system_words(errno)));
    auto folder = std::filesystem::path(path).parent_path().string();
    if (folder.empty()) folder = ".";
    if (::inotify_add_watch(fd, folder.c_str(), IN_CREATE | IN_MOVED_TO | IN_MODIFY) < 0) {
        const auto why = system_words(errno);
        ::close(fd);
        return fail(Errc::unavailable,
                    say({"không theo dõi được thư mục {}: {}", "cannot watch the folder {}: {}"}, folder, why));
    }
    if (::access(path.c_str(), R_OK) != 0 && errno == EACCES) {
        ::close(fd);
        return fail(Errc::permission, say({"không có quyền đọc {}", "may not read {}"}, path));
    }
    return std::unique_ptr<LineSource>(std::make_unique<FileFollower>(io, fd, std::move(path), from_start));
}

}  // namespace vg::probes::auth_log
