#pragma once
// An http or https URL (RFC 3986), taken apart. Pure; any thread.

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace vg::probes::http {

struct Url {
    bool is_tls = false;
    std::string host;  // without brackets
    std::uint16_t port = 80;
    std::string target;     // "/path?query"
    std::string authority;  // as the Host field says it
};

// User names, other schemes and fragments with content are refused or dropped: nothing secret enters a request.
[[nodiscard]] Result<Url> parse_url(std::string_view text);
// Where a Location field leads to from here.
[[nodiscard]] Result<Url> follow(const Url& from, std::string_view location);

}  // namespace vg::probes::http
