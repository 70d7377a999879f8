#pragma once
// Who the virtual agents are: enrolled one by one with a token that may be used that often, or signed straight from an
// authority's files (both are real certificates of the collector's authority). Kept in a file between runs.

#include "base/result.hpp"
#include "base/x509.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <vector>

namespace vg::load {

namespace asio = boost::asio;

struct Member {
    std::string id;  // certificate CN
    x509::Identity identity;
    std::string authority_pem;
};

struct Collector {
    asio::ip::tcp::endpoint endpoint;
    std::string server_name;
};

// The tokens take turns: one for each site.
[[nodiscard]] asio::awaitable<Result<std::vector<Member>>> enrol(Collector collector, std::vector<std::string> tokens,
                                                                 std::size_t n);
[[nodiscard]] Result<std::vector<Member>> sign_all(const std::string& data_dir, std::size_t n);
[[nodiscard]] Result<std::vector<Member>> read_members(const std::string& file);
[[nodiscard]] Result<void> write_members(const std::string& file, const std::vector<Member>& members);

}  // namespace vg::load
