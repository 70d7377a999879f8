#pragma once
// One run of one probe for a person at a terminal: from words to an observation to text or JSON. Makes its own
// io_context and blocks; not for the running agent.

#include "base/clock.hpp"
#include "base/problems.hpp"
#include "base/result.hpp"
#include "wire/observation.hpp"

#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace vg::probes {

struct OnceRequest {
    std::string kind;
    std::string target;
    std::string service;
    std::vector<std::pair<std::string, std::string>> options;  // a key given twice makes a list
    std::optional<Millis> timeout;                             // the kind's own when it is not given
    bool as_json = false;
    Language language = Language::vi;
};

// "icmp 10.1.0.1 --count 5 --timeout 3s --json"; mistakes are problems and give nothing.
[[nodiscard]] std::optional<OnceRequest> parse_once(std::span<const std::string> words, Problems& problems);

// Runs the probe, or watches until something was reported and a second passed without more. Nothing comes back only
// with a problem.
[[nodiscard]] std::optional<wire::Observation> run_once(const OnceRequest& request, Clock& clock, Problems& problems);

// One JSON object of a kind that describes its targets.
[[nodiscard]] Result<std::string> describe_once(const OnceRequest& request, Clock& clock, Problems& problems);

[[nodiscard]] std::string to_text(const OnceRequest& request, const wire::Observation& seen);
[[nodiscard]] std::string to_json(const OnceRequest& request, const wire::Observation& seen);
// For a kind that describes its targets, when it could not.
[[nodiscard]] std::string failure_json(const OnceRequest& request, const Error& error);

// All of it, for main(): 0 it looked, 1 it could not look, 2 the words were wrong.
int probe_command(std::span<const std::string> words, std::ostream& out, std::ostream& errors);

}  // namespace vg::probes
