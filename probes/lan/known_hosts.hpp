#pragma once
// Which devices were ever told as new on this LAN, and which neighbours as heard, in a file of the agent's state
// folder, so that a restart does not announce everybody anew. Bounded: the longest unseen goes first. On the agent's
// one thread.

#include "base/clock.hpp"
#include "base/result.hpp"
#include "probes/lan/dissect/address.hpp"

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace vg::probes::lan {

class KnownHosts {
public:
    explicit KnownHosts(std::string file, std::size_t most = 8192);  // "": nothing is kept
    void load();                                                     // a missing or damaged file is an empty one
    [[nodiscard]] Result<void> save();                               // whole or not at all

    // True when it was not known yet.
    bool add(dissect::Mac mac, Time now);
    void note_heard(const std::string& entry, bool is_there);
    [[nodiscard]] bool is_changed() const { return is_changed_; }  // since load or save
    [[nodiscard]] std::size_t size() const { return seen_.size(); }
    [[nodiscard]] std::vector<std::string> heard() const { return {heard_.begin(), heard_.end()}; }

private:
    void forget_longest_unseen();
    std::string file_;
    std::size_t most_;
    std::unordered_map<std::uint64_t, std::int64_t> seen_;  // MAC, hours since 1970
    std::set<std::string> heard_;
    bool is_changed_ = false;
};

}  // namespace vg::probes::lan
