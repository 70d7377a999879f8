#pragma once
// A record (one device, made of the facts of all its witnesses) as those see it who derive facts from it, and the door
// through which they are asked. Read and called on the pipeline thread; a view is good during the call only.

#include "base/clock.hpp"
#include "collector/register/model.hpp"
#include "wire/observation.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vg::collector::inventory {

class RecordView {
public:
    virtual ~RecordView() = default;

    [[nodiscard]] virtual const std::string& id() const = 0;    // "SITE/KEY"
    [[nodiscard]] virtual const std::string& site() const = 0;  // where it is now
    // pc, server, router, switch, printer, camera, ups, ap, phone, nvr, other: the register's, else as its facts
    // suggest; "" where nothing does.
    [[nodiscard]] virtual std::string kind() const = 0;
    [[nodiscard]] virtual bool has_agent() const = 0;
    // A column of the view `device`, register or fact; facts merged over the witnesses. monostate: not known (any
    // more).
    [[nodiscard]] virtual wire::FactValue value(std::string_view column) const = 0;
    // A fact of the agent on this machine ("boot_id", "uptime_s"); monostate where it has none.
    [[nodiscard]] virtual wire::FactValue of_agent(std::string_view fact) const = 0;
    // Every entry of a list ("software/") in order of name: the name without the list, and the value as it was told (a
    // text, or a JSON object of one level). False from `each` ends it.
    using Each = std::function<bool(std::string_view entry, std::string_view value)>;
    virtual void list(std::string_view name, const Each& each) const = 0;
    [[nodiscard]] virtual std::size_t count(std::string_view name) const = 0;

    [[nodiscard]] virtual const registry::Device* registered() const = 0;  // null: not in the register
    [[nodiscard]] virtual const registry::Register& reg() const = 0;
};

// A text among its columns; "" where it is not known.
[[nodiscard]] inline std::string text_of(const RecordView& record, std::string_view column) {
    const auto value = record.value(column);
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr ? *text : std::string();
}

struct Derived {  // a fact that the collector tells; its row stands in wire/fact_table.cpp with producer "collector"
    std::string name;
    wire::FactValue value;  // monostate: not known
};

// Asked by the pipeline; what it gives is told about the record (the site) with the collector as witness. A fact that
// is not among the answers keeps its value. May remember things from call to call (by record id).
class Posture {
public:
    virtual ~Posture() = default;
    // Once for each record that changed, soon after; once a day and after a new register for all of them.
    [[nodiscard]] virtual std::vector<Derived> of_record(const RecordView& record, Time now) = 0;
    // Records to be asked about although nothing changed: an answer of theirs has run out.
    [[nodiscard]] virtual std::vector<std::string> due(Time) { return {}; }
    // Every quarter of a minute for each site that has records, with all of them.
    [[nodiscard]] virtual std::vector<Derived> of_site(std::string_view site,
                                                       const std::vector<const RecordView*>& records, Time now) = 0;
    // After a round over the sites: what only shows over all of them, by the topmost unit that `top_of` gives for a
    // site ("": none).
    using TopOf = std::function<std::string(const std::string& site)>;
    [[nodiscard]] virtual std::map<std::string, std::vector<Derived>> of_units(const TopOf&, Time) { return {}; }
};

}  // namespace vg::collector::inventory
