#include "tests/probes/registry_doc.hpp"

#include "probes/probe.hpp"
#include "wire/fact_table.hpp"

#include <fmt/format.h>

namespace vg::probes::testing {
namespace {

constexpr std::string_view head = R"(# Probes

<!-- Written from the registry: build/dev/bin/write_probes_doc > docs/probes.md. A test holds the two together. -->

A probe is one function with a deadline and one result; a watcher lives as long as the agent and reports when something
happens. Each entry of an assignment has these keys and those of its kind:

| key | takes | meaning |
|---|---|---|
| `id` | text | unique in the assignment; the target of its series |
| `probe` | a kind | one of those below |
| `target` | see the kind | what is looked at |
| `every` | duration | how often |
| `timeout` | duration | the deadline of a run |
| `service` | text | the register's service that it watches; its facts are told when this is set |

At a terminal the same runs once: `vonggac-agent probe icmp 10.1.0.1 --count 5 --timeout 3s [--json] [--en]`. A target
that does not answer is a result; the exit code is 1 only when the probe could not look (no permission, no route).

A duration is `250ms`, `5s`, `3m`, `2h` or `30d`.
)";

// A cell must not end at the value's own bar.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
    return out;
}

std::string options_of(const Kind& kind) {
    if (kind.options.empty()) return {};
    std::string out = "\n| option | takes | default | meaning | ý nghĩa |\n|---|---|---|---|---|\n";
    for (const auto& option : kind.options)
        out += fmt::format("| `{}` | {} | {} | {} | {} |\n", option.key, cell(option.form), cell(option.fallback),
                           cell(option.en), cell(option.vi));
    return out;
}

std::string metrics_of(const Kind& kind) {
    if (kind.metrics.empty()) return {};
    std::string out = "\n| series | unit | meaning | ý nghĩa |\n|---|---|---|---|\n";
    for (const auto& metric : kind.metrics)
        out += fmt::format("| `{}` | {} | {} | {} |\n", metric.name, metric.unit, cell(metric.en), cell(metric.vi));
    return out;
}

std::string facts_of(const Kind& kind) {
    std::string out;
    for (const auto& row : wire::fact_table())
        if (row.producer == kind.name)
            out += fmt::format("| `{}.{}` | {} | {} |\n", wire::to_string(row.subject), row.name, cell(row.en),
                               cell(row.vi));
    return out.empty() ? out : "\n| fact | meaning | ý nghĩa |\n|---|---|---|\n" + out;
}

}  // namespace

std::string registry_doc() {
    std::string out(head);
    for (const auto& kind : kinds()) {
        out += fmt::format("\n## {}\n\n{}. *{}.*\n\nTarget: {}. {}{}\n", kind.name, kind.en, kind.vi,
                           kind.target_help.empty() ? "none" : kind.target_help,
                           kind.make_watcher ? "A watcher." : "A probe.",
                           kind.cheap_on_metered ? "" : " Not run while the line is metered.");
        out += options_of(kind) + metrics_of(kind) + facts_of(kind);
    }
    return out;
}

}  // namespace vg::probes::testing
