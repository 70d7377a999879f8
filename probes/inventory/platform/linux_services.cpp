// Services as systemd or OpenRC manage them.
#include "probes/inventory/platform/linux_parts.hpp"
#include "probes/inventory/settings.hpp"
#include "probes/inventory/words.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <set>

namespace vg::probes::inventory {
namespace {

using std::chrono::steady_clock;

constexpr auto patience = std::chrono::seconds{5};
constexpr std::size_t most_output = 1024 * 1024;

int left_until(steady_clock::time_point end) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now()).count();
    return static_cast<int>(std::max<std::int64_t>(left, 0));
}

// Waits for the child until `end`, then ends it; true: it ended by itself and well.
bool finish(pid_t child, steady_clock::time_point end) {
    for (int status = 0;;) {
        if (::waitpid(child, &status, WNOHANG) == child) return WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (steady_clock::now() >= end) break;
        ::poll(nullptr, 0, 5);
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    return false;
}

// What a program writes to its standard output; nothing: it could not be run, failed or took too long.
std::optional<std::string> output_of(std::vector<std::string> words) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    char path[] = "PATH=/usr/bin:/bin:/usr/sbin:/sbin", language[] = "LC_ALL=C";
    char* environment[] = {path, language, nullptr};
    pid_t child = 0;
    const int failed = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environment);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    std::string text;
    const auto end = steady_clock::now() + patience;
    while (failed == 0 && text.size() < most_output) {
        pollfd readable{ends[0], POLLIN, 0};
        if (::poll(&readable, 1, left_until(end)) <= 0) break;
        char piece[4096];
        const auto n = ::read(ends[0], piece, sizeof piece);
        if (n <= 0) break;
        text.append(piece, static_cast<std::size_t>(n));
    }
    ::close(ends[0]);
    if (failed != 0 || !finish(child, end)) return std::nullopt;
    return text;
}

std::set<std::string> enabled_units(const Tree& tree) {
    std::set<std::string> out;
    const std::string folder = "/etc/systemd/system";
    for (const auto& name : tree.names(folder)) {
        if (!name.ends_with(".wants") && !name.ends_with(".requires")) continue;
        for (auto unit : tree.names(folder + "/" + name)) {
            if (!unit.ends_with(".service")) continue;
            unit.resize(unit.size() - std::string_view(".service").size());
            out.insert(std::move(unit));
        }
    }
    return out;
}

// OpenRC keeps its whole state in folders of links.
std::vector<Service> openrc_services(const Tree& tree) {
    std::vector<Service> out;
    const auto started = tree.names("/run/openrc/started"), failed = tree.names("/run/openrc/failed");
    out.reserve(started.size() + failed.size());
    for (const auto& name : started) out.push_back({clean(name), "running"});
    for (const auto& name : failed)
        if (std::ranges::find(started, name) == started.end()) out.push_back({clean(name), "failed"});
    for (const auto& name : tree.names("/etc/runlevels/default")) {
        const auto is_it = [&](const Service& service) { return service.name == name; };
        if (std::ranges::none_of(out, is_it)) out.push_back({clean(name), "stopped"});
    }
    return out;
}

}  // namespace

std::optional<std::vector<Service>> look_at_services(const Tree& tree) {
    if (tree.exists("/run/openrc/started")) return openrc_services(tree);
    if (!tree.is_running_system() || !tree.exists("/run/systemd/system")) return std::nullopt;
    const auto text = output_of({"systemctl", "list-units", "--type=service", "--all", "--no-pager", "--output=json"});
    if (!text) return std::nullopt;
    const auto enabled = enabled_units(tree);
    return read_units(*text, [&](const std::string& name) { return enabled.contains(name); });
}

// A unit that starts or stops makes or removes a link in /run/systemd/units, and enabling one a link in a .wants
// folder.
std::vector<std::string> service_traces(const Tree& tree) {
    std::vector<std::string> out = {"/run/openrc/started", "/run/openrc/failed", "/etc/runlevels/default",
                                    "/run/systemd/units"};
    for (const auto& name : tree.names("/etc/systemd/system"))
        if (name.ends_with(".wants")) out.push_back("/etc/systemd/system/" + name);
    return out;
}

}  // namespace vg::probes::inventory
