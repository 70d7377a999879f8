#pragma once
// What `vonggac-agent probe --help` and `probe NAME --help` say, from the registry. Pure.

#include "probes/probe.hpp"

#include <string>

namespace vg::probes {

[[nodiscard]] std::string probe_help(Language language);
[[nodiscard]] std::string probe_help(const Kind& kind, Language language);

// A phrase of the registry's forms, fallbacks and targets in the language; what has no words in Vietnamese, such as
// "1..1000" or "GET|HEAD", is itself.
[[nodiscard]] std::string_view phrase_in(Language language, std::string_view english);

// How people write a unit of UCUM: "MiBy" is "MiB", "1" is nothing.
[[nodiscard]] std::string_view unit_for_people(std::string_view unit);

}  // namespace vg::probes
