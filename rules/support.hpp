#pragma once
// Dated tables: until when systems and devices are supported, and which firmware is known to be vulnerable. Data in
// files *.support.yaml beside the rules (docs/rules.md, "Support tables"), read with them. Immutable once read; any
// thread. The day is an argument: an answer changes on its day without a new table.

#include "base/problems.hpp"
#include "rules/sigma_rule.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace vg::rules {

using Day = std::chrono::sys_days;

// One line of a table: what it is about, and what it says. Patterns are lower case with * and ?; none: anything.
struct SupportRow {
    std::vector<SigmaPattern> hardware, versions, names;
    std::string from, before;           // of version_in: from <= version < before; empty: open
    std::optional<std::int64_t> build;  // vulnerable when the version's build is older
    std::optional<Day> end;             // the last day with updates for everybody
    std::string advisory;               // of a vulnerable range
};

struct SupportProduct {
    std::vector<SigmaPattern> os, vendors;  // one of the two
    std::string name, mark, source;
    Day checked{};                       // when somebody last looked the facts up
    std::vector<SupportRow> versions;    // the first that fits tells
    std::vector<SupportRow> vulnerable;  // all that fit tell
    Place place;
};

// What is known of a device; empty: not known.
struct SupportQuery {
    std::string os;  // of an operating system: "debian", "windows-10"
    std::string vendor, hardware;
    std::string version, name;
};

struct SupportAnswer {
    std::optional<bool> supported;  // nothing: the tables do not say
    std::optional<Day> end;
    std::optional<bool> vulnerable;
    std::string advisories;  // "CVE-2018-14847, CVE-2023-30799"; "" where none is known
};

class SupportTables {
public:
    SupportTables() = default;
    explicit SupportTables(std::vector<SupportProduct> products);
    [[nodiscard]] SupportAnswer look_up(const SupportQuery& query, Day today) const;
    [[nodiscard]] const std::vector<SupportProduct>& products() const { return products_; }

private:
    std::vector<SupportProduct> products_;  // the newest first
};

[[nodiscard]] bool is_support_file(std::string_view name);  // "*.support.yaml"
void read_support(std::string_view text, const std::string& file, std::vector<SupportProduct>& out, Problems& problems);

}  // namespace vg::rules
