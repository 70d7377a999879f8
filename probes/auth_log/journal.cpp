// Owner of libsystemd's journal, which is loaded at first use: a machine without systemd needs none of it.
#include "base/system_words.hpp"
#include "probes/auth_log/lines.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <dlfcn.h>
#include <systemd/sd-journal.h>
#include <unistd.h>
#include <algorithm>
#include <charconv>
#include <cstring>

namespace vg::probes::auth_log {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr std::size_t most_lines = 500;

// The functions of the library, by name.
struct Library {
    void* handle = nullptr;
    decltype(&sd_journal_open) open = nullptr;
    decltype(&sd_journal_close) close = nullptr;
    decltype(&sd_journal_add_match) add_match = nullptr;
    decltype(&sd_journal_add_disjunction) add_disjunction = nullptr;
    decltype(&sd_journal_seek_tail) seek_tail = nullptr;
    decltype(&sd_journal_previous) previous = nullptr;
    decltype(&sd_journal_next) next = nullptr;
    decltype(&sd_journal_get_data) get_data = nullptr;
    decltype(&sd_journal_get_realtime_usec) get_realtime = nullptr;
    decltype(&sd_journal_get_fd) get_fd = nullptr;
    decltype(&sd_journal_process) process = nullptr;

    template <class F>
    bool find(F& function, const char* name) {
        function = reinterpret_cast<F>(::dlsym(handle, name));
        return function != nullptr;
    }

    bool load() {
        handle = ::dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);
        return handle && find(open, "sd_journal_open") && find(close, "sd_journal_close") &&
               find(add_match, "sd_journal_add_match") && find(add_disjunction, "sd_journal_add_disjunction") &&
               find(seek_tail, "sd_journal_seek_tail") && find(previous, "sd_journal_previous") &&
               find(next, "sd_journal_next") && find(get_data, "sd_journal_get_data") &&
               find(get_realtime, "sd_journal_get_realtime_usec") && find(get_fd, "sd_journal_get_fd") &&
               find(process, "sd_journal_process");
    }
};

const Library* library() {
    static Library loaded;
    static const bool good = loaded.load();
    return good ? &loaded : nullptr;
}

class Journal final : public LineSource {
public:
    Journal(asio::io_context& io, const Library& lib, sd_journal* journal)
        : lib_(lib), journal_(journal), notices_(io) {}
    ~Journal() override {
        if (notices_.is_open()) (void)notices_.release();  // the journal closes it
        lib_.close(journal_);
    }
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    Result<void> start() {
        // Facilities auth and authpriv: every program that lets people in writes there (syslog(3)).
        lib_.add_match(journal_, "SYSLOG_FACILITY=4", 0);
        lib_.add_disjunction(journal_);
        lib_.add_match(journal_, "SYSLOG_FACILITY=10", 0);
        lib_.seek_tail(journal_);
        (void)lib_.previous(journal_);  // the next one is then the first that is new
        const int fd = lib_.get_fd(journal_);
        if (fd < 0)
            return fail(Errc::unavailable,
                        say({"không theo dõi được nhật ký hệ thống: {}", "the journal cannot be watched: {}"},
                            system_words(-fd)));
        notices_.assign(fd);
        return {};
    }

    asio::awaitable<Result<std::vector<LogLine>>> next() override {
        for (;;) {
            std::vector<LogLine> lines;
            while (lines.size() < most_lines && lib_.next(journal_) > 0) lines.push_back(line());
            if (!lines.empty()) co_return lines;
            boost::system::error_code error;
            co_await notices_.async_wait(asio::posix::stream_descriptor::wait_read,
                                         asio::redirect_error(asio::use_awaitable, error));
            if (error) co_return fail(Errc::cancelled, say({"đã dừng", "stopped"}));
            if (const int state = lib_.process(journal_); state < 0)
                co_return fail(Errc::unavailable,
                               say({"nhật ký hệ thống bị lỗi: {}", "the journal failed: {}"}, system_words(-state)));
        }
    }

    void cancel() override { notices_.cancel(); }

private:
    [[nodiscard]] std::string_view field(const char* name) const {
        const void* data = nullptr;
        std::size_t size = 0;
        if (lib_.get_data(journal_, name, &data, &size) < 0) return {};
        const auto skip = std::min(size, std::strlen(name) + 1);
        return {static_cast<const char*>(data) + skip, std::min<std::size_t>(size - skip, 8192)};
    }

    [[nodiscard]] LogLine line() const {
        LogLine out;
        out.program = field("SYSLOG_IDENTIFIER");
        auto pid = field("_PID");  // what the kernel says, not the program
        (void)std::from_chars(pid.data(), pid.data() + pid.size(), out.pid);
        out.message = field("MESSAGE");
        std::uint64_t written_us = 0;
        if (lib_.get_realtime(journal_, &written_us) == 0) {
            const auto now = std::chrono::system_clock::now().time_since_epoch();
            const auto age = now - std::chrono::microseconds(written_us);
            out.age = std::clamp(std::chrono::duration_cast<milliseconds>(age), milliseconds(0),
                                 milliseconds(std::chrono::hours(24)));
        }
        return out;
    }

    const Library& lib_;
    sd_journal* journal_;
    asio::posix::stream_descriptor notices_;
};

}  // namespace

Result<std::unique_ptr<LineSource>> follow_journal(asio::io_context& io) {
    const auto* lib = library();
    if (!lib) return fail(Errc::unavailable, say({"máy này không có libsystemd", "libsystemd is not on this machine"}));
    sd_journal* raw = nullptr;
    if (const int error = lib->open(&raw, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM); error < 0)
        return fail(Errc::unavailable, say({"không mở được nhật ký hệ thống: {}", "the journal cannot be opened: {}"},
                                           system_words(-error)));
    auto journal = std::make_unique<Journal>(io, *lib, raw);
    if (auto started = journal->start(); !started) return started.error();
    return std::unique_ptr<LineSource>(std::move(journal));
}

}  // namespace vg::probes::auth_log
