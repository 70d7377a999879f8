#include "probes/platform/rtnetlink.hpp"

#include "base/system_words.hpp"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>

namespace vg::probes::uplink {
namespace {

namespace asio = boost::asio;

constexpr unsigned short raw_ip = 519;   // ARPHRD_RAWIP, what modems without PPP are
constexpr unsigned lower_up = 1u << 16;  // IFF_LOWER_UP of linux/if.h, which does not go with net/if.h

template <class T>
bool take(ByteView bytes, T& out) {
    if (bytes.size() < sizeof(T)) return false;
    std::memcpy(&out, bytes.data(), sizeof(T));
    return true;
}

// Calls each(type, payload) for the attributes of a message.
template <class Each>
void each_attribute(ByteView bytes, Each each) {
    rtattr head{};
    while (take(bytes, head) && head.rta_len >= sizeof head && head.rta_len <= bytes.size()) {
        each(head.rta_type & NLA_TYPE_MASK, bytes.subspan(sizeof head, head.rta_len - sizeof head));
        const auto whole = (head.rta_len + 3u) & ~3u;
        bytes = bytes.subspan(std::min<std::size_t>(whole, bytes.size()));
    }
}

std::string address_text(ByteView raw) {
    char text[INET6_ADDRSTRLEN] = {};
    if (raw.size() == 4) ::inet_ntop(AF_INET, raw.data(), text, sizeof text);
    if (raw.size() == 16) ::inet_ntop(AF_INET6, raw.data(), text, sizeof text);
    return text;
}

void parse_link(ByteView body, NetlinkNews& news) {
    ifinfomsg info{};
    if (!take(body, info)) return;
    news.concerns_us = true;
    Link link;
    link.index = static_cast<std::uint32_t>(info.ifi_index);
    link.up = (info.ifi_flags & IFF_UP) != 0;
    link.carrier = (info.ifi_flags & lower_up) != 0;
    each_attribute(body.subspan(sizeof info), [&](int type, ByteView value) {
        if (type != IFLA_IFNAME) return;
        const auto text = text_of(value);
        link.name = std::string(text.substr(0, text.find('\0')));
    });
    link.mobile = info.ifi_type == ARPHRD_PPP || info.ifi_type == raw_ip || link.name.starts_with("wwan") ||
                  link.name.starts_with("ppp");
    if (!link.name.empty()) news.links.push_back(std::move(link));
}

// A route with several next hops counts by its first one that is alive.
void parse_next_hops(ByteView value, DefaultRoute& route) {
    rtnexthop hop{};
    while (take(value, hop) && hop.rtnh_len >= sizeof hop && hop.rtnh_len <= value.size()) {
        if ((hop.rtnh_flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN)) == 0) {
            route.link = static_cast<std::uint32_t>(hop.rtnh_ifindex);
            each_attribute(value.subspan(sizeof hop, hop.rtnh_len - sizeof hop), [&](int type, ByteView gateway) {
                if (type == RTA_GATEWAY) route.gateway = address_text(gateway);
            });
            return;
        }
        value = value.subspan(std::min<std::size_t>((hop.rtnh_len + 3u) & ~3u, value.size()));
    }
}

void parse_route(ByteView body, NetlinkNews& news) {
    rtmsg info{};
    if (!take(body, info) || info.rtm_dst_len != 0) return;
    if (info.rtm_family != AF_INET && info.rtm_family != AF_INET6) return;
    std::uint32_t table = info.rtm_table;
    DefaultRoute route;
    route.v6 = info.rtm_family == AF_INET6;
    each_attribute(body.subspan(sizeof info), [&](int type, ByteView value) {
        if (type == RTA_TABLE) (void)take(value, table);
        if (type == RTA_OIF) (void)take(value, route.link);
        if (type == RTA_PRIORITY) (void)take(value, route.metric);
        if (type == RTA_GATEWAY) route.gateway = address_text(value);
        if (type == RTA_MULTIPATH) parse_next_hops(value, route);
    });
    news.concerns_us = true;  // another table's default route may be how a policy moves traffic
    const bool is_alive = (info.rtm_flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN)) == 0;
    if (table == RT_TABLE_MAIN && info.rtm_type == RTN_UNICAST && is_alive && route.link != 0)
        news.routes.push_back(std::move(route));
}

class Socket {
public:
    explicit Socket(unsigned groups, int flags)
        : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | flags, NETLINK_ROUTE)) {
        sockaddr_nl address{};
        address.nl_family = AF_NETLINK;
        address.nl_groups = groups;
        if (fd_ >= 0 && ::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            ::close(fd_);
            fd_ = -1;
        }
    }
    ~Socket() {
        if (fd_ >= 0) ::close(fd_);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    [[nodiscard]] int fd() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

private:
    int fd_;
};

Error no_socket() {
    return fail(Errc::unavailable,
                say({"không mở được socket netlink: {}", "no netlink socket: {}"}, system_words(errno)));
}

class LinuxWatch final : public NetworkWatch {
public:
    LinuxWatch(asio::io_context& io, int fd) : notices_(io, fd), buffer_(32 * 1024) {}

    Result<Network> read() override {
        Socket asking(0, 0);
        if (asking.fd() < 0) return no_socket();
        const timeval second{1, 0};
        ::setsockopt(asking.fd(), SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
        Network network;
        for (const auto& [type, family] :
             {std::pair(RTM_GETLINK, AF_UNSPEC), std::pair(RTM_GETROUTE, AF_INET), std::pair(RTM_GETROUTE, AF_INET6)})
            if (auto done = dump(asking.fd(), type, family, network); !done) return done.error();
        return network;
    }

    asio::awaitable<Result<void>> changed() override {
        for (;;) {
            boost::system::error_code error;
            co_await notices_.async_wait(asio::posix::stream_descriptor::wait_read,
                                         asio::redirect_error(asio::use_awaitable, error));
            if (error) co_return fail(Errc::cancelled, say({"đã dừng", "stopped"}));
            bool concerns_us = false;
            for (;;) {
                const auto n = ::recv(notices_.native_handle(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
                if (n < 0 && errno == EINTR) continue;
                if (n < 0 && errno == ENOBUFS) {  // notices were lost: read everything anew
                    concerns_us = true;
                    continue;
                }
                if (n <= 0) break;
                concerns_us |= parse_netlink({buffer_.data(), static_cast<std::size_t>(n)}).concerns_us;
            }
            if (concerns_us) co_return Result<void>{};
        }
    }

    void cancel() override { notices_.cancel(); }

private:
    Result<void> dump(int fd, int type, int family, Network& network) {
        struct {
            nlmsghdr head;
            rtgenmsg body;
        } request{};
        request.head.nlmsg_len = NLMSG_LENGTH(sizeof request.body);
        request.head.nlmsg_type = static_cast<std::uint16_t>(type);
        request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
        request.body.rtgen_family = static_cast<unsigned char>(family);
        if (::send(fd, &request, request.head.nlmsg_len, 0) < 0)
            return fail(Errc::unavailable, say({"netlink từ chối: {}", "netlink refused: {}"}, system_words(errno)));
        for (;;) {
            const auto n = ::recv(fd, buffer_.data(), buffer_.size(), 0);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0)
                return fail(Errc::unavailable,
                            say({"netlink không trả lời: {}", "netlink did not answer: {}"}, system_words(errno)));
            auto news = parse_netlink({buffer_.data(), static_cast<std::size_t>(n)});
            for (auto& link : news.links) network.links.push_back(std::move(link));
            for (auto& route : news.routes) network.routes.push_back(std::move(route));
            if (news.is_done) return {};
        }
    }

    asio::posix::stream_descriptor notices_;
    std::vector<std::uint8_t> buffer_;
};

}  // namespace

NetlinkNews parse_netlink(ByteView messages) {
    NetlinkNews news;
    nlmsghdr head{};
    while (take(messages, head) && head.nlmsg_len >= sizeof head && head.nlmsg_len <= messages.size()) {
        const auto body = messages.subspan(sizeof head, head.nlmsg_len - sizeof head);
        switch (head.nlmsg_type) {
            case RTM_NEWLINK: parse_link(body, news); break;
            case RTM_NEWROUTE: parse_route(body, news); break;
            case RTM_DELLINK: news.concerns_us = true; break;
            case RTM_DELROUTE: {
                rtmsg info{};
                if (take(body, info) && info.rtm_dst_len == 0) news.concerns_us = true;
                break;
            }
            case NLMSG_DONE:
            case NLMSG_ERROR: news.is_done = true; break;
            default: break;
        }
        messages = messages.subspan(std::min<std::size_t>((head.nlmsg_len + 3u) & ~3u, messages.size()));
    }
    return news;
}

Result<std::unique_ptr<NetworkWatch>> watch_network(asio::io_context& io) {
    Socket socket(RTMGRP_LINK | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE, SOCK_NONBLOCK);
    if (socket.fd() < 0) return no_socket();
    return std::unique_ptr<NetworkWatch>(std::make_unique<LinuxWatch>(io, socket.release()));
}

}  // namespace vg::probes::uplink
