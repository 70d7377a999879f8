#pragma once
// The kernel's packet filter as it tells its chains and rules over netlink (nfnetlink, subsystem nf_tables). Builds the
// question and reads the answer; the socket stands in platform/linux_firewall.cpp. Total over any bytes; pure.

#include "base/bytes.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace vg::probes::inventory {

// What is known of the chains so far. A chain is named "FAMILY/TABLE/CHAIN".
struct PacketFilter {
    struct Chain {
        bool drops = false;             // a rule of it drops or rejects
        std::set<std::string> goes_to;  // chains that a rule of it calls
    };
    std::set<std::string> at_input;  // base chains that packets to this machine pass
    bool drops_by_policy = false;    // one of those
    std::map<std::string, Chain> chains;
    bool is_done = false;  // the end of the answer, or an error in its place
    bool is_refused = false;

    // Something that comes to this machine can be dropped or rejected.
    [[nodiscard]] bool keeps_out() const;
};

[[nodiscard]] Bytes ask_chains(std::uint32_t sequence);
[[nodiscard]] Bytes ask_rules(std::uint32_t sequence);
// A buffer of messages that answer either question.
void read_nftables(ByteView messages, PacketFilter& into);

}  // namespace vg::probes::inventory
