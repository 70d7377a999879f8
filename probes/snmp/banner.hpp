#pragma once
// What sysDescr of any vendor says: model, version and serial number in the ways that banners are usually written.
// Empty where nothing looks like it. Pure; one thread (patterns are kept).

#include <string>

namespace vg::probes::snmp {

// "Model: X", "Product=X", else the name at the beginning without what any banner adds ("... Managed Switch, ...").
[[nodiscard]] std::string hardware_in(const std::string& descr);
// "Version X", "FW: X", "vX.Y" ...; neither hardware revisions, boot loaders and kernels nor dates.
[[nodiscard]] std::string version_in(const std::string& descr);
// "S/N: X", "Serial Number X"
[[nodiscard]] std::string serial_in(const std::string& descr);
// "Linux host 6.1.0 #1": the only version of a computer, never that of an appliance's firmware.
[[nodiscard]] std::string kernel_in(const std::string& descr);

}  // namespace vg::probes::snmp
