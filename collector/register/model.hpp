#pragma once
// The register: what should exist (design §4). Plain values as read from YAML or CSV, flat tables joined by codes;
// codes are strings and names never join. Made by read.hpp, checked by check.hpp, swapped as a whole; a value may be
// shared between threads once made, because nobody changes it.

#include "base/problems.hpp"
#include "base/yaml.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vg::collector::registry {

using Date = std::chrono::year_month_day;

struct Validity {  // half open: [from, to)
    std::optional<Date> from, to;
    [[nodiscard]] bool holds(Date day) const { return (!from || *from <= day) && (!to || day < *to); }
};

struct Unit {
    std::string code;    // "20900"; text, leading zeros count
    std::string level;   // province, district, commune
    std::string kind;    // tinh, thanh_pho, huyen, quan, thi_xa, thi_tran, xa, phuong, dac_khu
    std::string name;    // bare, without the kind's prefix
    std::string parent;  // code; empty: a root
    Validity valid;
    Place place;
};

struct Site {
    std::string id, name, unit, address;
    std::optional<std::int64_t> head_count;       // staff who work here
    std::optional<std::int64_t> expected_pcs;     // machines in the inventory
    std::optional<std::int64_t> expected_agents;  // machines that should carry an agent; empty: expected_pcs
    std::optional<std::int64_t> level;            // security level 1-5; empty: by the unit, see Register::level
    std::optional<Date> stocktake;                // when its devices were last counted
    std::optional<Date> review;                   // when its unknown devices were last gone through
    Validity valid;
    Place place;
};

struct Uplink {
    std::string site, name;
    std::string kind;  // fibre, xdsl, 2g, 3g, 4g, 5g, satellite, unknown
    std::string provider, contract;
    std::optional<double> subscribed_mbps;
    bool primary = false;
    std::string interface;  // of the watching machine, where the machine itself holds the line
    std::string next_hop;   // address of the line's first hop as seen from the site
    Place place;
};

// One thing to run, as an agent's assignment names it; `options` is the kind's own business and goes through as
// written.
struct ProbeEntry {
    std::string id, probe, target;
    std::string every, timeout;  // durations as written; empty: the probe's default
    std::string site;            // only its agents; empty: those of every site
    bool watchers = false;       // only the first two agents of a site, not all
    std::vector<std::pair<std::string, yaml::Node>> options;
    Place place;
};

struct Service {
    std::string site;  // empty: the whole province's
    std::string id, name, kind;
    bool checked_everywhere = true;         // by every site, or only by those in checked_from
    std::vector<std::string> checked_from;  // site ids
    ProbeEntry probe;                       // its id is the service's
    Place place;
};

struct Device {
    std::string site, name, kind;
    std::string mac;  // lower case "aa:bb:cc:dd:ee:ff"; empty: not known
    std::string ip;
    std::string host;            // the name that its agent reports, where it carries one
    bool intranet_only = false;  // approved to have no Internet
    // What an asset's record must hold beside name and address (TCVN 14423:2026, 4.2.2.1b).
    std::string vendor, model, serial;
    std::string location;  // where it stands: building, room
    std::string segment;   // where it is in the network: name of a segment, VLAN, port
    std::string purpose;
    std::string status;  // in_use, spare, repair, retired; empty: not told
    std::string responsible;
    std::string conformity;           // number of its record of conformity (cameras)
    std::optional<Date> support_end;  // by the vendor
    [[nodiscard]] bool is_expected() const { return status.empty() || status == "in_use"; }
    std::optional<yaml::Node> snmp;  // mapping with the options of the snmp probe
    Place place;
    // Key within its site as in wire::Subject: "mac:...", else "snmp:IP", else "name:NAME".
    [[nodiscard]] std::string key() const;
};

struct Succession {  // units that became others
    std::optional<Date> date;
    std::string type;  // merge, split, rename, kind_change, transfer, dissolve, create
    std::string basis;
    std::vector<std::string> from, to;  // codes
    Place place;
};

struct Software {               // that may be installed
    std::string site;           // empty: everywhere
    std::string name, version;  // with wildcards * and ?; empty version: any
    std::string purpose, licence, owner;
    std::optional<Date> support_end;
    Place place;
};

struct AddressPlan {     // of the government network (TSLCD)
    std::string site;    // empty: a range of the network as a whole, assigned to nobody by this row
    std::string prefix;  // "10.20.1.0/24" or one address
    std::string purpose;
    std::optional<Date> assigned, reviewed;
    Place place;
};

struct Segment {  // of a site's network, kept for some kinds of devices
    std::string site;
    std::string name;
    std::string prefix;                // may be empty where the VLAN says it
    std::optional<std::int64_t> vlan;  // 1-4094
    std::vector<std::string> kinds;    // of devices that belong there: camera, nvr ...
    Place place;
};

struct Profiles {  // how agents talk; durations as written
    std::string fibre_heartbeat = "3s", fibre_seal = "30s", metered_seal = "5m";
};

struct Register {
    std::string version;  // given when it is kept; empty before
    std::vector<Unit> units;
    std::vector<Succession> successions;
    std::vector<Site> sites;
    std::vector<Uplink> uplinks;
    std::vector<Service> services;
    std::vector<Device> devices;
    std::vector<Software> software;      // empty: nobody says what is allowed
    std::vector<AddressPlan> addresses;  // of the government network
    std::vector<Segment> segments;
    std::vector<ProbeEntry> probes;  // what agents run beside what the tables ask for
    Profiles profiles;

    [[nodiscard]] const Unit* unit(std::string_view code, Date day) const;  // the one valid on that day
    [[nodiscard]] const Unit* unit(std::string_view code) const;            // valid latest
    [[nodiscard]] const Site* site(std::string_view id) const;
    [[nodiscard]] std::vector<std::string> line_of(std::string_view unit) const;           // itself, then upwards
    [[nodiscard]] bool is_within(std::string_view unit, std::string_view ancestor) const;  // itself counts
    // Security level of a site's system: its own, else 3 for a province's and 2 for a commune's (Decree 331/2026).
    [[nodiscard]] std::int64_t level(const Site& site) const;
    // The services that agents of a site check: its own and the province's.
    [[nodiscard]] std::vector<const Service*> services_of(std::string_view site) const;
    // The register's device that a key seen at a site means (by MAC or by address); null: not in the register.
    [[nodiscard]] const Device* device(std::string_view site, std::string_view seen_key,
                                       std::string_view ip = {}) const;
};

[[nodiscard]] std::string full_name(const Unit& unit);                 // "Xã Trà My"
[[nodiscard]] std::string_view kind_name(std::string_view unit_kind);  // "Xã"; empty when unknown
[[nodiscard]] std::string to_string(const Date& date);                 // 2025-07-01

}  // namespace vg::collector::registry
