#pragma once
// One function a part of the machine, for linux_machine.cpp, which is their only caller. What a function cannot read it
// leaves empty.

#include "probes/inventory/platform/linux_files.hpp"
#include "probes/inventory/reading.hpp"
#include "probes/inventory/sockets.hpp"

#include <map>

namespace vg::probes::inventory {

[[nodiscard]] System look_at_system(const Tree& tree);
[[nodiscard]] std::optional<Board> look_at_board(const Tree& tree);  // nothing: the machine has no SMBIOS
[[nodiscard]] Processor look_at_processor(const Tree& tree);
[[nodiscard]] std::optional<std::vector<MemoryModule>> look_at_memory(const Tree& tree);
[[nodiscard]] std::vector<Disk> look_at_disks(const Tree& tree);
[[nodiscard]] std::vector<UsbDevice> look_at_usb(const Tree& tree);
[[nodiscard]] std::vector<Adapter> look_at_adapters(const Tree& tree);
[[nodiscard]] std::optional<std::vector<Package>> look_at_software(const Tree& tree);
[[nodiscard]] std::optional<std::vector<Service>> look_at_services(const Tree& tree);
[[nodiscard]] std::optional<std::vector<Account>> look_at_accounts(const Tree& tree);
[[nodiscard]] std::optional<Day> look_at_updates(const Tree& tree);
[[nodiscard]] Policy look_at_policy(const Tree& tree);
[[nodiscard]] Protection look_at_protection(const Tree& tree);

// Who listens, in order and without repetition, and whose sockets these are.
[[nodiscard]] std::vector<Socket> listening_sockets(const Tree& tree);
// A socket keeps its number and its owner: only those that `known` does not have are looked for.
using SocketOwners = std::map<std::uint64_t, std::string>;
[[nodiscard]] std::vector<Listener> look_at_ports(const Tree& tree, const std::vector<Socket>& sockets,
                                                  SocketOwners& known);

// What the stamps of these parts look at.
[[nodiscard]] std::vector<std::string> service_traces(const Tree& tree);
[[nodiscard]] std::vector<std::string> software_traces(const Tree& tree);
[[nodiscard]] Day today();

// linux_firewall.cpp: the kernel's own word; nothing: it may not be asked, or there is nobody to ask.
[[nodiscard]] std::optional<bool> kernel_keeps_out();
// linux_smart.cpp: as the disk says; nothing: it may not be asked, does not know, or sleeps.
[[nodiscard]] std::optional<bool> disk_is_failing(const std::string& device, bool is_nvme);

}  // namespace vg::probes::inventory
