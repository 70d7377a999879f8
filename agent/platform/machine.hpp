#pragma once
// What the agent asks of the operating system beside files: names of the machine, thrift with memory, and what a socket
// has really cost on the line. Linux in machine_linux.cpp.

#include <cstdint>
#include <string>

namespace vg::agent::platform {

[[nodiscard]] std::string host_name();
[[nodiscard]] std::string machine_id();  // empty when the system has none
// One arena, freed memory given back early: call before anything else allocates.
void be_thrifty_with_memory();
// What was freed goes back to the system, and code that rests leaves the resident set. Costs a few hundred
// microseconds.
void give_back_memory();
// "host_shutdown" when the whole machine is going down, else "shutdown".
[[nodiscard]] std::string stop_reason();

// Bytes of a TCP connection on the wire, both ways, with IP and TCP headers and retransmissions; 0 where the system
// does not tell.
[[nodiscard]] std::uint64_t wire_bytes(int socket);

}  // namespace vg::agent::platform
