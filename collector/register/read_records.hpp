#pragma once
// The records of each table: the one place that knows their keys. Lists come from YAML or, with the same keys as column
// names, from CSV (csv.cpp). `site` is the owner where the list stands inside a site; "": the record names it.

#include "collector/register/model.hpp"

namespace vg::collector::registry {

void read_units(const yaml::Node& list, Register& reg, Problems& problems);
void read_successions(const yaml::Node& list, Register& reg, Problems& problems);
void read_sites(const yaml::Node& list, Register& reg, Problems& problems);
void read_uplinks(const yaml::Node& list, const std::string& site, Register& reg, Problems& problems);
void read_services(const yaml::Node& list, const std::string& site, Register& reg, Problems& problems);
void read_devices(const yaml::Node& list, const std::string& site, Register& reg, Problems& problems);
void read_software(const yaml::Node& list, const std::string& site, Register& reg, Problems& problems);
void read_addresses(const yaml::Node& list, const std::string& site, Register& reg, Problems& problems);
void read_segments(const yaml::Node& list, const std::string& site, Register& reg, Problems& problems);
void read_probes(const yaml::Node& list, const std::string& site, Register& reg, Problems& problems);
void read_profiles(const yaml::Node& node, Register& reg, Problems& problems);

}  // namespace vg::collector::registry
