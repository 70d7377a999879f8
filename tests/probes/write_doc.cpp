// Prints docs/probes.md: build/dev/bin/write_probes_doc > docs/probes.md
#include "tests/probes/registry_doc.hpp"

#include <iostream>

int main() { std::cout << vg::probes::testing::registry_doc(); }
