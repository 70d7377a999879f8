#include "probes/endpoint.hpp"

#include "base/system_words.hpp"
#include "base/text.hpp"
#include "probes/deadline.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace vg::probes {
namespace {

std::optional<std::uint16_t> port_of(std::string_view text) {
    const auto port = to_number<std::uint16_t>(text);
    return port && *port != 0 ? port : std::nullopt;
}

std::string text_of(const asio::ip::tcp::endpoint& place) {
    const auto host = place.address().to_string();
    return (place.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(place.port());
}

NotConnected meaning(const boost::system::error_code& error, bool is_over, const asio::ip::tcp::endpoint& to) {
    namespace e = asio::error;
    if (is_over || error == e::timed_out || error == e::operation_aborted)
        return {Outcome::timed_out,
                say({"{} không trả lời trong thời hạn: máy tắt, đường truyền đứt, hoặc tường lửa chặn mà không báo",
                     "{} gave no answer in time: the machine is off, the line is cut, or a firewall drops in silence"},
                    text_of(to)),
                false};
    if (error == e::connection_refused || error == e::connection_reset)
        return {
            Outcome::refused,
            say({"{} từ chối kết nối: máy có trả lời nhưng không có chương trình nào nghe ở cổng này, hoặc tường lửa "
                 "từ chối; hãy kiểm tra cổng và dịch vụ",
                 "{} refused the connection: the machine answers, but nobody listens on this port, or a firewall "
                 "refuses; check the port and the service"},
                text_of(to)),
            false};
    const bool could_not_look = error == e::network_unreachable || error == e::access_denied ||
                                error == e::address_family_not_supported || error == e::no_permission;
    if (could_not_look)
        return {Outcome::unreachable,
                say({"máy này không kết nối được tới {}: {}; hãy kiểm tra địa chỉ IP, cổng mặc định và cáp mạng của "
                     "máy này",
                     "this machine cannot connect to {}: {}; check its own address, default gateway and cable"},
                    text_of(to), system_words(error)),
                true};
    return {Outcome::unreachable,
            say({"không tới được {}: {}", "{} cannot be reached: {}"}, text_of(to), system_words(error)), false};
}

asio::awaitable<boost::system::result<Connected, NotConnected>> connect_one(asio::ip::tcp::endpoint to,
                                                                            Deadline deadline) {
    asio::ip::tcp::socket socket(co_await asio::this_coro::executor);
    const auto start = std::chrono::steady_clock::now();
    boost::system::error_code error;
    bool is_over = false;
    {
        DeadlineGuard guard(socket, deadline);
        co_await socket.async_connect(to, asio::redirect_error(asio::use_awaitable, error));
        is_over = guard.is_over();
    }
    if (error) co_return meaning(error, is_over, to);
    co_return Connected{std::move(socket), to.address(), std::chrono::steady_clock::now() - start};
}

}  // namespace

std::optional<HostPort> parse_host_port(std::string_view text, std::uint16_t fallback_port) {
    std::string_view host = text, port;
    bool has_port = false;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return {};
        host = text.substr(1, close - 1);
        const auto rest = text.substr(close + 1);
        if (!rest.empty() && rest.front() != ':') return {};
        has_port = !rest.empty();
        port = has_port ? rest.substr(1) : rest;
    } else if (const auto colon = text.find(':'); colon != std::string_view::npos && colon == text.rfind(':')) {
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
        has_port = true;
    }  // more than one colon without brackets: an IPv6 address alone
    if (host.empty() || host.find_first_of(" /?#@") != std::string_view::npos) return {};
    const auto number = has_port ? port_of(port) : std::optional(fallback_port);
    if (!number || *number == 0) return {};
    return HostPort{std::string(host), *number};
}

asio::awaitable<boost::system::result<Connected, NotConnected>> connect(std::vector<asio::ip::address> addresses,
                                                                        std::uint16_t port, Deadline deadline) {
    NotConnected trouble{Outcome::no_such_name,
                         say({"không có địa chỉ nào để kết nối", "there is no address to connect to"}), false};
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        const auto now = std::chrono::steady_clock::now();
        const auto share = (deadline - now) / static_cast<std::int64_t>(addresses.size() - i);
        auto connected = co_await connect_one({addresses[i], port}, now + share);
        if (connected) co_return connected;
        trouble = connected.error();
    }
    co_return trouble;
}

}  // namespace vg::probes
