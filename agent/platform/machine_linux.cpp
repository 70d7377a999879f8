#include "agent/platform/machine.hpp"

#include <linux/tcp.h>
#include <malloc.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string_view>

namespace vg::agent::platform {

std::string host_name() {
    char name[256] = {};
    if (::gethostname(name, sizeof name - 1) != 0) return "unknown";
    return name;
}

std::string machine_id() {
    std::ifstream in("/etc/machine-id");
    std::string id;
    in >> id;
    return id;
}

void be_thrifty_with_memory() {
    ::mallopt(M_ARENA_MAX, 1);
    ::mallopt(M_TRIM_THRESHOLD, 64 * 1024);
    ::mallopt(M_TOP_PAD, 16 * 1024);
    ::mallopt(M_MMAP_THRESHOLD, 64 * 1024);
}

namespace {

void drop(unsigned long from, unsigned long to) {
    // The addresses stand in a text of the kernel's. NOLINTNEXTLINE(performance-no-int-to-ptr)
    ::madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
}

// Code and constants that only the start or a rare moment needed leave the resident set; what is needed comes back from
// the page cache at its next use. Only mappings of files that nobody may write to and that hold no page of our own:
// what the loader has relocated is read-only, too.
void drop_idle_pages() {
    std::ifstream maps("/proc/self/smaps");
    std::string line;
    unsigned long from = 0, to = 0;
    bool of_file = false;
    while (std::getline(maps, line)) {
        unsigned long first = 0, last = 0, anonymous = 0;
        char rights[5] = {};
        if (std::sscanf(line.c_str(), "%lx-%lx %4s", &first, &last, rights) == 3) {
            from = first;
            to = last;
            const std::string_view may(rights);
            of_file = (may == "r-xp" || may == "r--p") && line.find(" /") != std::string::npos;
        } else if (of_file && std::sscanf(line.c_str(), "Anonymous: %lu kB", &anonymous) == 1 && anonymous == 0) {
            drop(from, to);
        }
    }
}

}  // namespace

void give_back_memory() {
    ::malloc_trim(0);
    drop_idle_pages();
}

std::string stop_reason() {
    // systemd writes this file when the machine begins to go down.
    return ::access("/run/nologin", F_OK) == 0 ? "host_shutdown" : "shutdown";
}

std::uint64_t wire_bytes(int socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return 0;
    sockaddr_storage local{};
    socklen_t local_size = sizeof local;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&local), &local_size);
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&local);
    const bool is_v4 =
        local.ss_family == AF_INET || (local.ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr));
    const std::uint64_t headers =
        (is_v4 ? 20U : 40U) + 20U + ((info.tcpi_options & TCPI_OPT_TIMESTAMPS) != 0 ? 12U : 0U);
    return info.tcpi_bytes_sent + info.tcpi_bytes_received +
           headers * (std::uint64_t{info.tcpi_segs_out} + info.tcpi_segs_in);
}

}  // namespace vg::agent::platform
