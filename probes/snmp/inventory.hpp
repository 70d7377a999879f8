#pragma once
// All that one visit to a device tells, and the order in which it is asked. What the device does not answer is left
// out; a list that was cut short is marked, so that nobody takes a missing entry for one that has gone.

#include "probes/snmp/evidence.hpp"
#include "probes/snmp/reader.hpp"

namespace vg::probes::snmp {

struct System {
    std::optional<Oid> object_id;
    std::string descr, name, location;
    std::uint64_t ticks = 0;  // sysUpTime, hundredths of a second
    std::string engine_id;    // the octets
};

struct Ups {
    std::optional<bool> on_battery;
    std::optional<int> charge_percent;
};

template <class T>
struct List {
    std::vector<T> items;
    bool is_whole = true;
};

struct Inventory {
    System system;
    Identity identity;
    List<Interface> interfaces;
    List<Address> addresses;
    List<Neighbour> neighbours;
    List<Vlan> vlans;
    List<Part> parts;
    List<Resolution> arp;
    List<Station> stations;
    List<Supply> supplies;
    Ups ups;
};

enum class Depth { identity_and_links, all };  // all: with the ARP and forwarding tables and the supplies

// An error only when the device says nothing at all.
[[nodiscard]] boost::asio::awaitable<Result<System>> read_system(Session& session, Reader& reader);
// `look`, if not null, outlives the call: evidence.hpp.
[[nodiscard]] boost::asio::awaitable<Result<Inventory>> read_inventory(Session& session, Until deadline, Depth depth,
                                                                       Look* look = nullptr);

[[nodiscard]] System system_of(const std::vector<Binding>& values);
[[nodiscard]] Ups ups_of(const std::vector<Binding>& values);

// One JSON object, for `vonggac-agent probe snmp ADDRESS --json`.
[[nodiscard]] std::string to_json(const Inventory& inventory);

}  // namespace vg::probes::snmp
