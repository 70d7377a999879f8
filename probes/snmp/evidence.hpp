#pragma once
// Asks a device what identify() judges by. What it does not answer is left out.

#include "probes/snmp/identity.hpp"
#include "probes/snmp/reader.hpp"

namespace vg::probes::snmp {

// What a look around gave. It need not be taken again while the device says the same of itself and runs on.
struct Look {
    std::string of;  // sysObjectID and sysDescr; empty: there was none yet
    Guess guess;
};

// `known` has the vendor files to ask by, sysObjectID, sysDescr, sysName and the parts; `also` are instances that
// somebody wants besides, so that they cost no question of their own. Both come back in the values. `look`, null or
// outliving the call, saves the questions of a look around when it is of the same device.
[[nodiscard]] boost::asio::awaitable<Evidence> read_evidence(Reader& reader, Evidence known, std::vector<Oid> also,
                                                             Look* look = nullptr);

}  // namespace vg::probes::snmp
