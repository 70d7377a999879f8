#pragma once
// One function a part of the machine, for linux_machine.cpp, which is their only caller. What a function cannot read it
// leaves empty.

#include "probes/inventory/platform/linux_files.hpp"
#include "probes/inventory/reading.hpp"

namespace vg::probes::inventory {

[[nodiscard]] System look_at_system(const Tree& tree);
[[nodiscard]] std::optional<Board> look_at_board(const Tree& tree);  // nothing: the machine has no SMBIOS
[[nodiscard]] Processor look_at_processor(const Tree& tree);
[[nodiscard]] std::vector<Adapter> look_at_adapters(const Tree& tree);
[[nodiscard]] std::optional<std::vector<Package>> look_at_software(const Tree& tree);

}  // namespace vg::probes::inventory
