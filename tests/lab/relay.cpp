// The lab's lines: carries Ethernet frames between two interfaces of each link with delay, jitter, loss and rate, and
// cuts them. The kernel's own emulator is missing on the machines that we test on. Runs in a namespace of its own:
//   vonggac-lab-relay CONTROL_SOCKET LINK=IFACE_A,IFACE_B ...
// Control (datagrams on a Unix socket, one command each, answered "ok" or a sentence):
//   LINK delay_ms=20 jitter_ms=2 loss=0.01 rate_kbit=2000 up=1      any subset; both directions alike
// Order is kept within a direction. A link begins up, without delay or loss.

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <deque>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Nanos = std::chrono::nanoseconds;
using Steady = std::chrono::steady_clock;

constexpr std::size_t max_queued_bytes = 256 * 1024;  // of one direction: the line's buffer

struct Waiting {
    Steady::time_point due;
    std::vector<std::uint8_t> frame;
};

struct Direction {
    int in = -1, out = -1;
    std::deque<Waiting> queue;
    std::size_t queued_bytes = 0;
    Steady::time_point line_free{};  // when the last frame has left a rate-limited line
    Steady::time_point last_due{};
};

struct Link {
    std::string name;
    double delay_ms = 0, jitter_ms = 0, loss = 0, rate_kbit = 0;
    bool up = true;
    std::array<Direction, 2> ways;
};

std::mt19937_64 chance(20261122);

double uniform() { return std::uniform_real_distribution<double>(0, 1)(chance); }

int open_interface(const std::string& name) {
    const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_ALL));
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = static_cast<int>(if_nametoindex(name.c_str()));
    const int yes = 1, room = 4 << 20;
    if (fd < 0 || address.sll_ifindex == 0 || bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes) != 0) {
        std::fprintf(stderr, "lab relay: cannot open interface %s: %s\n", name.c_str(), std::strerror(errno));
        std::exit(1);
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    packet_mreq promiscuous{};
    promiscuous.mr_ifindex = address.sll_ifindex;
    promiscuous.mr_type = PACKET_MR_PROMISC;
    setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous, sizeof promiscuous);
    return fd;
}

void take(Link& link, Direction& way, Steady::time_point now) {
    std::array<std::uint8_t, 65536> buffer;
    for (int i = 0; i < 64; ++i) {
        const auto n = recv(way.in, buffer.data(), buffer.size(), 0);
        if (n <= 0) return;
        const auto size = static_cast<std::size_t>(n);
        if (!link.up || uniform() < link.loss || way.queued_bytes + size > max_queued_bytes) continue;
        auto leaves = std::max(now, way.line_free);
        if (link.rate_kbit > 0)
            leaves += Nanos(static_cast<std::int64_t>(static_cast<double>(size) * 8e6 / link.rate_kbit));
        way.line_free = leaves;
        const double late_ms = std::max(0.0, link.delay_ms + (2 * uniform() - 1) * link.jitter_ms);
        const auto due = std::max(leaves + Nanos(static_cast<std::int64_t>(late_ms * 1e6)), way.last_due);
        way.last_due = due;
        way.queued_bytes += size;
        way.queue.push_back({due, {buffer.begin(), buffer.begin() + n}});
    }
}

void give(Link& link, Direction& way, Steady::time_point now) {
    while (!way.queue.empty() && (way.queue.front().due <= now || !link.up)) {
        const auto& frame = way.queue.front().frame;
        // A full interface queue loses the frame, as a line does.
        if (link.up) (void)send(way.out, frame.data(), frame.size(), MSG_DONTWAIT);
        way.queued_bytes -= frame.size();
        way.queue.pop_front();
    }
}

std::string obey(std::vector<Link>& links, const std::string& command) {
    std::istringstream words(command);
    std::string name, word;
    words >> name;
    const auto link = std::find_if(links.begin(), links.end(), [&](const Link& l) { return l.name == name; });
    if (link == links.end()) return "no link '" + name + "'";
    while (words >> word) {
        const auto equals = word.find('=');
        const std::string key = word.substr(0, equals);
        double value = 0;
        if (equals == std::string::npos || std::sscanf(word.c_str() + equals + 1, "%lf", &value) != 1 || value < 0)
            return "not key=number: '" + word + "'";
        if (key == "delay_ms")
            link->delay_ms = value;
        else if (key == "jitter_ms")
            link->jitter_ms = value;
        else if (key == "loss")
            link->loss = value;
        else if (key == "rate_kbit")
            link->rate_kbit = value;
        else if (key == "up")
            link->up = value != 0;
        else
            return "unknown setting '" + key + "'";
    }
    return "ok";
}

int open_control(const char* path) {
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    unlink(path);
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        std::fprintf(stderr, "lab relay: cannot bind %s: %s\n", path, std::strerror(errno));
        std::exit(1);
    }
    return fd;
}

void answer_control(int control, std::vector<Link>& links) {
    std::array<char, 512> buffer;
    sockaddr_un from{};
    socklen_t size = sizeof from;
    const auto n = recvfrom(control, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (n <= 0) return;
    const auto answer = obey(links, {buffer.data(), static_cast<std::size_t>(n)});
    (void)sendto(control, answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
}

void arm(int timer, const std::vector<Link>& links) {
    auto next = Steady::time_point::max();
    for (const auto& link : links)
        for (const auto& way : link.ways)
            if (!way.queue.empty()) next = std::min(next, way.queue.front().due);
    itimerspec spec{};
    if (next != Steady::time_point::max()) {
        const auto at = std::max<std::int64_t>(1, next.time_since_epoch().count());
        spec.it_value = {at / 1'000'000'000, at % 1'000'000'000};
    }
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &spec, nullptr);
}

Link parse_link(std::string_view text) {
    const auto equals = text.find('='), comma = text.find(',');
    if (equals == std::string_view::npos || comma == std::string_view::npos || comma < equals) {
        std::fprintf(stderr, "lab relay: expected LINK=IFACE_A,IFACE_B\n");
        std::exit(2);
    }
    Link link;
    link.name = text.substr(0, equals);
    const int a = open_interface(std::string(text.substr(equals + 1, comma - equals - 1)));
    const int b = open_interface(std::string(text.substr(comma + 1)));
    link.ways[0].in = a;
    link.ways[0].out = b;
    link.ways[1].in = b;
    link.ways[1].out = a;
    return link;
}

volatile std::sig_atomic_t stopping = 0;

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: %s CONTROL_SOCKET LINK=IFACE_A,IFACE_B ...\n", argv[0]);
        return 2;
    }
    std::signal(SIGTERM, [](int) { stopping = 1; });
    const int control = open_control(argv[1]);
    const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    std::vector<Link> links;
    for (int i = 2; i < argc; ++i) links.push_back(parse_link(argv[i]));
    std::vector<pollfd> polled{{control, POLLIN, 0}, {timer, POLLIN, 0}};
    for (const auto& link : links)
        for (const auto& way : link.ways) polled.push_back({way.in, POLLIN, 0});
    while (stopping == 0) {
        if (poll(polled.data(), polled.size(), -1) < 0) continue;
        if ((polled[0].revents & POLLIN) != 0) answer_control(control, links);
        std::uint64_t ticks = 0;
        (void)!read(timer, &ticks, sizeof ticks);
        const auto now = Steady::now();
        for (auto& link : links)
            for (auto& way : link.ways) {
                take(link, way, now);
                give(link, way, now);
            }
        arm(timer, links);
    }
    return 0;
}
