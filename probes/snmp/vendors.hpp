#pragma once
// What is known of vendors' own objects, as data: one file a vendor in probes/snmp/vendors/, compiled in. A file says
// whose enterprise numbers it speaks of and where hardware, version and serial stand; docs/snmp-vendors.md is its
// reference. Files are read when a device of the vendor is met first. One thread.

#include "base/problems.hpp"
#include "probes/snmp/value.hpp"

#include <span>

namespace vg::probes::snmp {

enum class PartText { none, descr, name, hardware, firmware, software, serial, model };

// One way to a text: an object's value, sysDescr, or a column of the chassis in ENTITY-MIB; of it the pattern's first
// group, or all of it without a pattern.
struct Way {
    Oid oid;
    bool is_own = false;  // oid is what follows the device's own sysObjectID ...
    std::size_t up = 0;   // ... without its last so many numbers
    Oid row;              // this object's number says which row of the column oid
    PartText part = PartText::none;
    std::string pattern;  // of sysDescr when there is neither oid nor part
};

struct Ways {  // each list: the first that gives something wins
    std::vector<Way> hardware, version, serial;
};

struct Family {  // of devices of one vendor; the first whose conditions hold goes before the vendor's general ways
    Oid object;  // sysObjectID is this or lies under it; empty: any
    std::string descr;  // sysDescr has this pattern; empty: any
    Ways ways;
};

struct Vendor {
    std::string name;
    std::vector<std::uint32_t> enterprises;
    bool is_platform = false;  // net-snmp and its like: what others build on
    std::vector<Family> families;
    Ways ways;
};

struct VendorFile {
    std::string_view file;  // "juniper.yaml"
    std::string_view text;
};
[[nodiscard]] std::span<const VendorFile> vendor_files();  // all that are compiled in

// Every mistake is a problem with its place; a vendor comes back when there is none.
[[nodiscard]] std::optional<Vendor> read_vendor(std::string_view text, const std::string& file, Problems& problems);

[[nodiscard]] const Vendor* find_vendor(std::uint32_t enterprise);  // null: no file speaks of it

}  // namespace vg::probes::snmp
