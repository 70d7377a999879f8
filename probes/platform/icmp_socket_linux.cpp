#include "base/crypto.hpp"
#include "base/system_words.hpp"
#include "probes/icmp_packet.hpp"
#include "probes/icmp_socket.hpp"

#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

namespace vg::probes {
namespace {

constexpr std::size_t batch = 64;             // packets a system call
constexpr std::size_t largest_packet = 1536;  // what we read of one
constexpr int receive_buffer = 1 << 20;       // bytes; the kernel may grant less

Instant steady_now() { return std::chrono::steady_clock::now(); }

Span realtime_now() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return std::chrono::seconds{now.tv_sec} + Span{now.tv_nsec};
}

// The kernel stamps arrivals with wall time; only their age is used, so a stepped wall clock damages nothing.
class StampClock {
public:
    StampClock() : steady_(steady_now()), wall_(realtime_now()) {}
    [[nodiscard]] Instant instant_of(const timespec& stamp) const {
        const auto age = wall_ - (std::chrono::seconds{stamp.tv_sec} + Span{stamp.tv_nsec});
        const bool is_credible = age >= Span{0} && age < std::chrono::seconds{10};
        return is_credible ? steady_ - age : steady_;
    }

private:
    Instant steady_;
    Span wall_;
};

union SocketAddress {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
};

Address address_of(const SocketAddress& raw) {
    if (raw.any.sa_family == AF_INET) return boost::asio::ip::address_v4(ntohl(raw.v4.sin_addr.s_addr));
    if (raw.any.sa_family != AF_INET6) return {};
    boost::asio::ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), raw.v6.sin6_addr.s6_addr, bytes.size());
    return boost::asio::ip::address_v6(bytes, raw.v6.sin6_scope_id);
}

socklen_t fill(SocketAddress& out, const Address& address) {
    std::memset(&out, 0, sizeof out);
    if (address.is_v4()) {
        out.v4.sin_family = AF_INET;
        out.v4.sin_addr.s_addr = htonl(address.to_v4().to_uint());
        return sizeof out.v4;
    }
    out.v6.sin6_family = AF_INET6;
    const auto bytes = address.to_v6().to_bytes();
    std::memcpy(out.v6.sin6_addr.s6_addr, bytes.data(), bytes.size());
    out.v6.sin6_scope_id = static_cast<std::uint32_t>(address.to_v6().scope_id());
    return sizeof out.v6;
}

struct Control {
    alignas(cmsghdr) std::array<std::uint8_t, 256> bytes;
};

template <class T>
void append_control(msghdr& message, int level, int type, const T& value) {
    auto* header = reinterpret_cast<cmsghdr*>(static_cast<std::uint8_t*>(message.msg_control) + message.msg_controllen);
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(sizeof value);
    std::memcpy(CMSG_DATA(header), &value, sizeof value);
    message.msg_controllen += CMSG_SPACE(sizeof value);
}

// TTL and interface travel with the packet: one socket serves every round.
void choose_way(msghdr& message, Control& control, bool v6, const EchoMachine::Outgoing& echo) {
    message.msg_control = control.bytes.data();
    message.msg_controllen = 0;
    if (echo.ttl != 0) {
        const int ttl = static_cast<int>(echo.ttl);
        append_control(message, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_HOPLIMIT : IP_TTL, ttl);
    }
    if (echo.interface_index != 0 && v6) {
        in6_pktinfo info{};
        info.ipi6_ifindex = echo.interface_index;
        append_control(message, IPPROTO_IPV6, IPV6_PKTINFO, info);
    } else if (echo.interface_index != 0) {
        in_pktinfo info{};
        info.ipi_ifindex = static_cast<int>(echo.interface_index);
        append_control(message, IPPROTO_IP, IP_PKTINFO, info);
    }
    if (message.msg_controllen == 0) message.msg_control = nullptr;
}

class LinuxIcmpSocket final : public IcmpSocket {
public:
    LinuxIcmpSocket(boost::asio::io_context& io, int handle, bool v6, SocketKind kind, std::uint16_t identifier)
        : descriptor_(io, handle), v6_(v6), kind_(kind), identifier_(identifier) {}

    void send(std::span<const EchoMachine::Outgoing> echoes, std::vector<EchoDispatch>& done) override {
        for (; !echoes.empty(); echoes = echoes.subspan(std::min(batch, echoes.size())))
            send_batch(echoes.first(std::min(batch, echoes.size())), done);
    }
    void receive(std::vector<EchoArrival>& arrivals) override {
        while (receive_batch(arrivals) == batch) {}
        while (receive_report(arrivals)) {}
    }
    [[nodiscard]] SocketKind kind() const override { return kind_; }
    [[nodiscard]] boost::asio::posix::stream_descriptor& descriptor() override { return descriptor_; }

private:
    void send_batch(std::span<const EchoMachine::Outgoing> echoes, std::vector<EchoDispatch>& done);
    std::size_t send_some(std::span<mmsghdr> messages, std::vector<EchoDispatch>& done);
    std::size_t receive_batch(std::vector<EchoArrival>& arrivals);
    bool receive_report(std::vector<EchoArrival>& arrivals);
    void take_reply(ByteView packet, const SocketAddress& from, Instant at, std::vector<EchoArrival>& arrivals) const;

    boost::asio::posix::stream_descriptor descriptor_;
    bool v6_;
    SocketKind kind_;
    std::uint16_t identifier_;
    std::vector<std::uint8_t> out_;
};

void LinuxIcmpSocket::send_batch(std::span<const EchoMachine::Outgoing> echoes, std::vector<EchoDispatch>& done) {
    std::array<mmsghdr, batch> messages{};
    std::array<iovec, batch> parts;
    std::array<SocketAddress, batch> targets;
    std::array<Control, batch> controls;
    std::size_t total = 0;
    for (const auto& echo : echoes) total += icmp_header_size + echo.payload;
    out_.resize(total);
    std::size_t at = 0;
    for (std::size_t i = 0; i < echoes.size(); ++i) {
        const auto size = icmp_header_size + echoes[i].payload;
        write_echo_request(v6_, identifier_, echoes[i].sequence, echoes[i].cookie, std::span(out_).subspan(at, size));
        parts[i] = {out_.data() + at, size};
        at += size;
        auto& header = messages[i].msg_hdr;
        header.msg_name = &targets[i];
        header.msg_namelen = fill(targets[i], *echoes[i].target);
        header.msg_iov = &parts[i];
        header.msg_iovlen = 1;
        choose_way(header, controls[i], v6_, echoes[i]);
    }
    for (auto left = std::span(messages).first(echoes.size()); !left.empty();)
        left = left.subspan(send_some(left, done));
}

// Sends as many as go in one call; a failing first one is tried twice, for the first error may be the late report
// of another echo (ip(7), IP_RECVERR).
std::size_t LinuxIcmpSocket::send_some(std::span<mmsghdr> messages, std::vector<EchoDispatch>& done) {
    for (int attempt = 0;; ++attempt) {
        const auto before = steady_now();
        const int sent = ::sendmmsg(descriptor_.native_handle(), messages.data(),
                                    static_cast<unsigned>(messages.size()), MSG_DONTWAIT);
        if (sent > 0) {
            // One stamp each would cost a call each: the call's time is shared out evenly.
            const auto step = (steady_now() - before) / sent;
            for (int i = 0; i < sent; ++i) done.push_back({before + i * step, 0});
            return static_cast<std::size_t>(sent);
        }
        if (attempt < 2 || errno == EINTR) continue;
        done.push_back({before, errno});
        return 1;
    }
}

std::size_t LinuxIcmpSocket::receive_batch(std::vector<EchoArrival>& arrivals) {
    // Only the start of a packet is read: header, options and cookie.
    constexpr std::size_t enough = 60 + icmp_header_size + icmp_cookie_size;
    std::array<mmsghdr, batch> messages{};
    std::array<iovec, batch> parts;
    std::array<SocketAddress, batch> sources;
    std::array<Control, batch> controls;
    std::array<std::array<std::uint8_t, enough>, batch> packets;
    for (std::size_t i = 0; i < batch; ++i) {
        parts[i] = {packets[i].data(), enough};
        messages[i].msg_hdr = {
            &sources[i], sizeof sources[i], &parts[i], 1, controls[i].bytes.data(), controls[i].bytes.size(), 0};
    }
    const int got = ::recvmmsg(descriptor_.native_handle(), messages.data(), batch, MSG_DONTWAIT, nullptr);
    if (got <= 0) return 0;
    const StampClock clock;
    for (int i = 0; i < got; ++i) {
        auto& header = messages[i].msg_hdr;
        timespec stamp{};
        for (auto* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c))
            if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
                std::memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
        take_reply({packets[i].data(), messages[i].msg_len}, sources[i], clock.instant_of(stamp), arrivals);
    }
    return static_cast<std::size_t>(got);
}

void LinuxIcmpSocket::take_reply(ByteView packet, const SocketAddress& from, Instant at,
                                 std::vector<EchoArrival>& arrivals) const {
    if (!v6_ && kind_ == SocketKind::raw) packet = behind_ipv4_header(packet);
    const auto echo = read_echo(v6_, packet);
    if (!echo || echo->is_request || echo->identifier != identifier_ || !echo->cookie) return;
    arrivals.push_back({EchoState::answered, echo->sequence, *echo->cookie, {}, address_of(from), at});
}

std::optional<EchoState> meaning(const sock_extended_err& report) {
    if (report.ee_origin == SO_EE_ORIGIN_ICMP) {
        if (report.ee_type == ICMP_TIME_EXCEEDED) return EchoState::expired;
        if (report.ee_type == ICMP_DEST_UNREACH) return EchoState::unreachable;
    } else if (report.ee_origin == SO_EE_ORIGIN_ICMP6) {
        if (report.ee_type == ICMP6_TIME_EXCEEDED) return EchoState::expired;
        if (report.ee_type == ICMP6_DST_UNREACH) return EchoState::unreachable;
    }
    return {};
}

// An ICMP error comes through the socket's error queue with the start of the echo that it is about (ip(7)).
bool LinuxIcmpSocket::receive_report(std::vector<EchoArrival>& arrivals) {
    std::array<std::uint8_t, largest_packet> packet;
    SocketAddress target{};
    Control control;
    iovec part{packet.data(), packet.size()};
    msghdr header{&target, sizeof target, &part, 1, control.bytes.data(), control.bytes.size(), 0};
    const auto got = ::recvmsg(descriptor_.native_handle(), &header, MSG_ERRQUEUE | MSG_DONTWAIT);
    if (got < 0) return false;
    const StampClock clock;
    timespec stamp{};
    std::optional<EchoState> what;
    SocketAddress offender{};
    for (auto* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
            std::memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
        if ((c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_RECVERR) &&
            (c->cmsg_level != IPPROTO_IPV6 || c->cmsg_type != IPV6_RECVERR))
            continue;
        sock_extended_err report{};
        std::memcpy(&report, CMSG_DATA(c), sizeof report);
        what = meaning(report);
        const auto size = c->cmsg_len - CMSG_LEN(sizeof report);
        std::memcpy(&offender, CMSG_DATA(c) + sizeof report, std::min(size, sizeof offender));
    }
    const auto echo = read_echo(v6_, {packet.data(), static_cast<std::size_t>(got)});
    if (what && echo && echo->is_request && echo->identifier == identifier_)
        arrivals.push_back(
            {*what, echo->sequence, 0, address_of(target), address_of(offender), clock.instant_of(stamp)});
    return true;
}

// Lets only our own echo replies into a raw socket: others' pings do not wake us.
void keep_foreign_replies_out(int handle, bool v6, std::uint16_t identifier) {
    std::array<sock_filter, 7> v4_code{{
        BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),  // X = length of the IP header
        BPF_STMT(BPF_LD | BPF_B | BPF_IND, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ICMP_ECHOREPLY, 0, 3),
        BPF_STMT(BPF_LD | BPF_H | BPF_IND, 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, identifier, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0xffff),
        BPF_STMT(BPF_RET | BPF_K, 0),
    }};
    std::array<sock_filter, 6> v6_code{{
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ICMP6_ECHO_REPLY, 0, 3),
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, identifier, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0xffff),
        BPF_STMT(BPF_RET | BPF_K, 0),
    }};
    const sock_fprog program =
        v6 ? sock_fprog{v6_code.size(), v6_code.data()} : sock_fprog{v4_code.size(), v4_code.data()};
    // Without it every packet is judged by us; that works, too.
    (void)::setsockopt(handle, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

void set_flag(int handle, int level, int name, int value = 1) {
    (void)::setsockopt(handle, level, name, &value, sizeof value);
}

// The identifier of a datagram socket is its port; the kernel writes it into every echo.
std::uint16_t bound_identifier(int handle, bool v6) {
    SocketAddress own{};
    own.any.sa_family = v6 ? AF_INET6 : AF_INET;
    socklen_t size = v6 ? sizeof own.v6 : sizeof own.v4;
    if (::bind(handle, &own.any, size) != 0 || ::getsockname(handle, &own.any, &size) != 0) return 0;
    return ntohs(v6 ? own.v6.sin6_port : own.v4.sin_port);
}

}  // namespace

Result<std::unique_ptr<IcmpSocket>> IcmpSocket::open(boost::asio::io_context& io, bool v6, SocketKind kind) {
    const int family = v6 ? AF_INET6 : AF_INET;
    const int protocol = v6 ? int{IPPROTO_ICMPV6} : int{IPPROTO_ICMP};
    int handle = -1;
    if (kind != SocketKind::raw) handle = ::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    auto opened = SocketKind::datagram;
    if (handle < 0 && kind != SocketKind::datagram) {
        handle = ::socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
        opened = SocketKind::raw;
    }
    if (handle < 0 && (errno == EPERM || errno == EACCES))
        return fail(
            Errc::permission,
            say({"máy này không cho mở socket ICMP: hãy mở rộng net.ipv4.ping_group_range cho nhóm này, hoặc "
                 "cấp quyền CAP_NET_RAW",
                 "no ICMP socket is allowed: widen net.ipv4.ping_group_range to this group or give CAP_NET_RAW"}));
    if (handle < 0)
        return fail(Errc::unavailable,
                    say({"không mở được socket ICMP: {}", "no ICMP socket: {}"}, system_words(errno)));
    std::uint16_t identifier = 0;
    if (opened == SocketKind::datagram) {
        identifier = bound_identifier(handle, v6);
    } else {
        identifier = static_cast<std::uint16_t>(crypto::random_u64());
        keep_foreign_replies_out(handle, v6, identifier);
    }
    set_flag(handle, SOL_SOCKET, SO_TIMESTAMPNS);
    set_flag(handle, SOL_SOCKET, SO_RCVBUF, receive_buffer);
    set_flag(handle, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR);
    return std::unique_ptr<IcmpSocket>(std::make_unique<LinuxIcmpSocket>(io, handle, v6, opened, identifier));
}

}  // namespace vg::probes
