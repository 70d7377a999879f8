#pragma once
// What the first variables under a vendor's number say of a device when no file knows them. Makers put model, version
// and serial number side by side; each text is judged by its looks, by its neighbours and by sysDescr, and only what
// is likely enough is said. Pure; one thread.

#include "probes/snmp/value.hpp"

namespace vg::probes::snmp {

struct Guess {
    std::string hardware, version, serial;  // empty: nothing likely
};

// `found` in the order of the walk; `descr` and `name` are sysDescr and sysName.
[[nodiscard]] Guess guess(const std::vector<Binding>& found, const std::string& descr, const std::string& name);

// Which part of the tree to leave for the next column, when the last variables are rows of one column: the first
// identifier behind them. Empty: go on as before.
[[nodiscard]] Oid behind_column(const std::vector<Binding>& found);

}  // namespace vg::probes::snmp
