#pragma once
// Frames as they come, from an interface or a capture file. The owner of libpcap, which is loaded at first use, as
// zlib is for files packed by gzip. An opened source needs no privilege any more. One thread at a time.

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

#include <functional>
#include <memory>
#include <string>

namespace vg::probes::lan {

enum class Reading { more, nothing_now, over, failed };
enum class Waiting { frames, time_out, interrupted };

class FrameSource {
public:
    using OnFrame = std::function<void(Time, ByteView)>;
    virtual ~FrameSource() = default;
    [[nodiscard]] virtual int link_type() const = 0;  // DLT_ of libpcap
    // Tells up to `most` frames, whose bytes live during the call only. A file is over where it breaks off, too; then
    // problem() says where.
    [[nodiscard]] virtual Reading read(int most, const OnFrame& on_frame) = 0;
    [[nodiscard]] virtual std::string problem() const = 0;
    // Of an interface: until frames are there; at most so long. Any thread may interrupt(), once and for all.
    [[nodiscard]] virtual Waiting wait(Millis longest) = 0;
    virtual void interrupt() = 0;
};

// Needs CAP_NET_RAW now. The kernel passes only frames of the protocols that are dissected; groups are listened to, but
// the interface does not become promiscuous. Error(permission, not_found, unavailable, invalid_input).
[[nodiscard]] Result<std::unique_ptr<FrameSource>> open_interface(const std::string& name);
// pcap or pcapng, plain or gzip; Error(invalid_input) for anything else, or a link type that is not dissected.
[[nodiscard]] Result<std::unique_ptr<FrameSource>> open_capture_file(const std::string& path);

}  // namespace vg::probes::lan
