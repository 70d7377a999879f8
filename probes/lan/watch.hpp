#pragma once
// `vonggac-agent watch`: who is on the LAN, for a person or a program at a terminal, live or from capture files. Makes
// its own everything and blocks; not for the running agent.

#include <iosfwd>
#include <span>
#include <string>

namespace vg::probes {

// "--read FILE.pcap --json", "eth0 --en". 0: it looked, 1: it could not, 2: the words were wrong.
int watch_command(std::span<const std::string> words, std::ostream& out, std::ostream& errors);

}  // namespace vg::probes
