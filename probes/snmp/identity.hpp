#pragma once
// Who made a device, what it is, which version it runs and its serial number: by the vendor's own objects where a file
// speaks of them, else by ENTITY-MIB, Printer-MIB, UPS-MIB and what sysDescr says. Total; pure but for the vendor
// files it reads.

#include "probes/snmp/tables.hpp"
#include "probes/snmp/vendors.hpp"

namespace vg::probes::snmp {

struct Evidence {
    std::optional<Oid> object_id;
    std::string descr;                       // sysDescr
    std::vector<std::uint32_t> enterprises;  // under whose numbers the device has objects
    std::vector<Part> parts;
    std::vector<Binding> values;  // of the objects to ask, and of the standard ones
};

struct Identity {
    std::optional<std::uint32_t> enterprise;  // of sysObjectID
    std::string vendor, hardware, version, serial;
};

[[nodiscard]] std::optional<std::uint32_t> enterprise_of(const std::optional<Oid>& object_id);
// Whether the vendor cannot be told by sysObjectID alone, so that `enterprises` is worth asking.
[[nodiscard]] bool needs_enterprises(const std::optional<Oid>& object_id);
// Objects whose values, at or under them, the vendors' files want for this device.
[[nodiscard]] std::vector<Oid> objects_to_ask(const Evidence& evidence);
// Standard objects that every device is asked for.
[[nodiscard]] const std::vector<Oid>& standard_objects();
[[nodiscard]] Identity identify(const Evidence& evidence);

// "Version X", "vX.Y", "Software ..." in a text of any vendor; empty when nothing looks like a version.
[[nodiscard]] std::string version_in(const std::string& descr);

}  // namespace vg::probes::snmp
