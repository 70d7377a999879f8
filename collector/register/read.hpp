#pragma once
// Reads a register: one YAML text, or CSV tables with the same names. Every problem is listed at once with
// file:line:column; a register with problems must not come into force. Pure but for read_path.

#include "collector/register/model.hpp"

#include <string>

namespace vg::collector::registry {

class ValuePlaces;

// Shape, then sense (check.hpp): duplicates, dangling codes, wrong dates, unknown probe options.
[[nodiscard]] Register read_yaml(std::string_view text, const std::string& file, Problems& problems);

// A CSV table's records as mappings: UTF-8 with or without BOM, separated by ; or , (the header decides), quotes as in
// RFC 4180. "a.b" columns become nested mappings; empty cells are absent.
[[nodiscard]] yaml::Node csv_table(std::string_view text, const std::string& file, Problems& problems);

// One table's text ("units", "sites", "uplinks", "services", "devices", "successions", "software", "addresses",
// "segments") as YAML for merging.
struct Table {
    std::string name;
    std::string text;
    std::string file;
};
// `base` gives the tables that are not among the given ones; it may be empty.
[[nodiscard]] Register read_tables(const std::vector<Table>& tables, const Register& base, Problems& problems);

// A .yaml file, or a folder (or list) of .csv files named after their tables; with check_probes.
[[nodiscard]] Register read_paths(const std::vector<std::string>& paths, const Register& base, Problems& problems);

// What is kept as a version: a YAML file as it was written, or the tables as YAML.
[[nodiscard]] std::string source_text(const std::vector<std::string>& paths, const Register& reg);

// The register as YAML that read_yaml gives back equal (comments are not kept).
[[nodiscard]] std::string to_yaml(const Register& reg);

// One device as a line of that YAML: { site: ..., name: ... }.
[[nodiscard]] std::string device_row(const Device& device);

// Sense over the whole register; called by the readers, which know where its values stand.
void check(const Register& reg, const ValuePlaces& values, Problems& problems);

// What agents would refuse of the probes. For whoever brings a register in: one that is in force already is read
// without, for a collector must start with it.
void check_probes(const Register& reg, Problems& problems);

}  // namespace vg::collector::registry
