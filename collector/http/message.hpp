#pragma once
// A request as it came and a response as it goes. Plain values; any thread.

#include "base/clock.hpp"
#include "base/tls.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vg::collector::http {

namespace asio = boost::asio;

struct Request {
    std::string method;                                       // "GET"
    std::string path;                                         // percent-decoded, begins with '/'
    std::string raw_path;                                     // as sent, without the query
    std::map<std::string, std::string, std::less<>> query;    // decoded; the last of a name wins
    std::map<std::string, std::string, std::less<>> headers;  // names in lower case
    std::string body;
    asio::ip::address from;
    bool keep_alive = true;

    [[nodiscard]] std::string_view header(std::string_view name) const;               // empty when absent
    [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;  // nothing: absent, or empty
    [[nodiscard]] std::string_view cookie(std::string_view name) const;
};

// Writes an endless body (server-sent events); returns when it is over. The stream outlives the call.
using Streaming = std::function<asio::awaitable<void>(tls::Stream&)>;

struct Response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    Streaming streaming;  // set: the body is not used and the connection ends with it

    Response& with(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

[[nodiscard]] std::string_view reason(int status);  // "Not Found"
// For people: control characters and bytes that are no UTF-8 become '?', and no more than 80 bytes stay.
[[nodiscard]] std::string printable(std::string_view text);
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

}  // namespace vg::collector::http
