#pragma once
// SSDP of UPnP: what announces itself and what it runs on. Views into the frame. Total; pure; any thread.

#include "base/bytes.hpp"

#include <optional>
#include <string_view>

namespace vg::probes::lan::dissect {

enum class SsdpKind : std::uint8_t { notify, search, answer };

struct Ssdp {
    SsdpKind kind{};
    std::string_view type;      // NT or ST: "urn:schemas-upnp-org:device:MediaServer:1"
    std::string_view unique;    // USN
    std::string_view server;    // SERVER, or USER-AGENT of a search
    std::string_view location;  // where its description lies
    bool is_leaving = false;    // NTS: ssdp:byebye
};

[[nodiscard]] std::optional<Ssdp> read_ssdp(ByteView bytes);

}  // namespace vg::probes::lan::dissect
