#pragma once
// Where log lines come from: a file that is written on (probes/platform) or the journal of systemd. Owned by the
// watcher; used on the agent's io_context.

#include "base/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace vg::probes::auth_log {

struct LogLine {
    std::string program;
    std::uint32_t pid = 0;
    std::string message;
    std::chrono::milliseconds age{0};  // how long ago it was written, where the source knows
};

class LineSource {
public:
    virtual ~LineSource() = default;
    // Waits for lines; at least one, at most a few hundred at once. Errc::cancelled after cancel().
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<LogLine>>> next() = 0;
    virtual void cancel() = 0;
};

// Follows the file through rotation and truncation; it need not exist yet. From its end unless `from_start`.
[[nodiscard]] Result<std::unique_ptr<LineSource>> follow_file(boost::asio::io_context& io, std::string path,
                                                              bool from_start);
// Error(unavailable) where systemd is not.
[[nodiscard]] Result<std::unique_ptr<LineSource>> follow_journal(boost::asio::io_context& io);

}  // namespace vg::probes::auth_log
