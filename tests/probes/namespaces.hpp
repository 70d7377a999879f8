#pragma once
// Network namespaces that a test makes, joins by cables and walks through; they go with it. Needs root and iproute2.
// A fixture inherits it, skips unless it can_make() and says make().

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace vg::probes {

class Namespaces {
protected:
    explicit Namespaces(std::string prefix, std::vector<std::string> names)
        : prefix_(std::move(prefix) + std::to_string(::getpid())), names_(std::move(names)) {}
    ~Namespaces() {
        if (home_ < 0) return;
        EXPECT_EQ(::setns(home_, CLONE_NEWNET), 0);
        ::close(home_);
        for (const auto& name : names_) ip("netns del " + full(name));
    }
    Namespaces(const Namespaces&) = delete;
    Namespaces& operator=(const Namespaces&) = delete;

    [[nodiscard]] static bool can_make() { return ::geteuid() == 0 && std::system("ip -V >/dev/null 2>&1") == 0; }
    void make() {
        home_ = ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
        for (const auto& name : names_) ip("netns add " + full(name));
    }
    [[nodiscard]] std::string full(const std::string& name) const { return prefix_ + name; }
    static void ip(const std::string& words) { EXPECT_EQ(std::system(("ip " + words).c_str()), 0) << words; }
    static void set(const std::string& key, const std::string& value) { std::ofstream("/proc/sys/" + key) << value; }

    using Addresses = std::vector<std::string>;
    void join(const std::string& left, const std::string& right, const Addresses& at_left, const Addresses& at_right) {
        ip("-n " + full(left) + " link add to" + right + " type veth peer name to" + left + " netns " + full(right));
        end(full(left), "to" + right, at_left);
        end(full(right), "to" + left, at_right);
    }
    void enter(const std::string& name) const {
        const int space = ::open(("/run/netns/" + full(name)).c_str(), O_RDONLY | O_CLOEXEC);
        EXPECT_EQ(::setns(space, CLONE_NEWNET), 0);
        ::close(space);
    }

private:
    static void end(const std::string& space, const std::string& device, const Addresses& addresses) {
        for (const auto& address : addresses) {
            const auto* at_once = address.find(':') != std::string::npos ? " nodad" : "";
            ip("-n " + space + " addr add " + address + " dev " + device + at_once);
        }
        ip("-n " + space + " link set " + device + " up");
        ip("-n " + space + " link set lo up");
    }

    std::string prefix_;
    std::vector<std::string> names_;
    int home_ = -1;
};

}  // namespace vg::probes
