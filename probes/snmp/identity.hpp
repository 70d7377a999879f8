#pragma once
// Who made a device, what it is, which version it runs and its serial number: by the vendor's own objects where a file
// speaks of them, else by ENTITY-MIB, Printer-MIB, UPS-MIB and what sysDescr says. Total; pure but for the vendor
// files it reads.

#include "probes/snmp/survey.hpp"
#include "probes/snmp/tables.hpp"
#include "probes/snmp/vendors.hpp"

#include <functional>

namespace vg::probes::snmp {

// The file that speaks of an enterprise number, or null.
using VendorBook = std::function<const Vendor*(std::uint32_t)>;

struct Evidence {
    VendorBook book = find_vendor;
    std::optional<Oid> object_id;
    std::string descr, name;                 // sysDescr, sysName
    std::vector<std::uint32_t> enterprises;  // under whose numbers the device has objects
    std::vector<Part> parts;
    std::vector<Binding> values;  // of the objects to ask, and of the standard ones
    Guess guessed;                // by a look around under the vendor's number, where the files leave something open
};

struct Identity {
    std::optional<std::uint32_t> enterprise;  // of sysObjectID
    std::string vendor, hardware, version, serial;
};

[[nodiscard]] std::optional<std::uint32_t> enterprise_of(const std::optional<Oid>& object_id);
// Whether the vendor cannot be told by sysObjectID alone, so that `enterprises` is worth asking.
[[nodiscard]] bool needs_enterprises(const Evidence& evidence);
// Objects whose values, at or under them, the vendors' files want for this device.
[[nodiscard]] std::vector<Oid> objects_to_ask(const Evidence& evidence);
// Standard objects that every device is asked for.
[[nodiscard]] const std::vector<Oid>& standard_objects();
// Under whose numbers it is worth looking around, because the files and standard objects leave something open.
[[nodiscard]] std::vector<std::uint32_t> enterprises_to_survey(const Evidence& evidence);
[[nodiscard]] Identity identify(const Evidence& evidence);

}  // namespace vg::probes::snmp
