// How an observation looks to a person and to a script.
#include "probes/help.hpp"
#include "probes/once.hpp"
#include "probes/plain_json.hpp"
#include "probes/probe.hpp"
#include "wire/fact_table.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace vg::probes {
namespace {

namespace json = boost::json;

std::string_view words_for(const wire::Sample& sample, Language language) {
    for (const auto& kind : kinds())
        for (const auto& metric : kind.metrics)
            if (metric.name == sample.series.metric) return choose(language, metric.vi, metric.en);
    return {};
}

// A description "0 connected, 1 refused ..." is a table of codes: the word for this one.
std::string_view meaning_of(std::string_view description, double value) {
    if (!description.starts_with("0 ")) return description;
    const auto code = fmt::format("{} ", value);
    for (auto rest = description; !rest.empty();) {
        const auto end = std::min(rest.find(", "), rest.size());
        if (rest.starts_with(code)) return rest.substr(code.size(), end - code.size());
        rest.remove_prefix(std::min(end + 2, rest.size()));
    }
    return {};
}

// What a terminal must not obey, from a device that names itself with escape codes.
std::string harmless(std::string text) {
    for (auto& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return text;
}

std::string text_of(const wire::FactValue& value, Language language) {
    struct Print {
        Language language;
        std::string operator()(std::monostate) const { return std::string(choose(language, "chưa rõ", "not known")); }
        std::string operator()(bool v) const {
            return std::string(v ? choose(language, "đúng", "true") : choose(language, "sai", "false"));
        }
        std::string operator()(std::int64_t v) const { return std::to_string(v); }
        std::string operator()(double v) const { return plain_number(v); }
        std::string operator()(const std::string& v) const { return harmless(v); }
    };
    return std::visit(Print{language}, value);
}

json::value json_of(const wire::FactValue& value) {
    struct Print {
        json::value operator()(std::monostate) const { return nullptr; }
        json::value operator()(bool v) const { return v; }
        json::value operator()(std::int64_t v) const { return v; }
        json::value operator()(double v) const { return v; }
        json::value operator()(const std::string& v) const { return json::string(v); }
    };
    return std::visit(Print{}, value);
}

// An entry of a list that is an object is printed as one, its numbers as numbers.
json::value json_of(const wire::Fact& fact) {
    const auto* row = wire::find_fact(fact.subject.kind, fact.name);
    const auto* text = std::get_if<std::string>(&fact.value);
    if (row && text && wire::is_list(*row) && text->starts_with('{')) {
        boost::system::error_code error;
        if (auto entry = json::parse(*text, error); !error) return entry;
    }
    return json_of(fact.value);
}

std::string_view text_of(wire::Severity severity, Language language) {
    switch (severity) {
        case wire::Severity::info: return choose(language, "thông tin", "info");
        case wire::Severity::low: return choose(language, "thấp", "low");
        case wire::Severity::medium: return choose(language, "vừa", "medium");
        case wire::Severity::high: return choose(language, "cao", "high");
        case wire::Severity::critical: return choose(language, "nghiêm trọng", "critical");
    }
    return {};
}

json::object subject_json(const wire::Subject& subject) {
    return {{"kind", json::string(wire::to_string(subject.kind))}, {"key", subject.key}};
}

}  // namespace

std::string to_text(const OnceRequest& request, const wire::Observation& seen) {
    const auto language = request.language;
    std::string out = request.kind + (request.target.empty() ? "" : " " + request.target);
    if (!seen.remark.empty()) out += "\n  " + harmless(seen.remark.in(language));
    for (const auto& sample : seen.samples) {
        const auto& [metric, target, unit] = sample.series;
        const auto name = target.empty() || target == request.kind ? metric : metric + " [" + harmless(target) + "]";
        out += fmt::format("\n  {:<28} {:>12} {:<5} {}", name, plain_number(sample.value), unit_for_people(unit),
                           meaning_of(words_for(sample, language), sample.value));
    }
    for (const auto& fact : seen.facts) {
        const auto* row = wire::find_fact(fact.subject.kind, fact.name);
        const auto who = fact.subject.key.empty()
                             ? std::string(wire::to_string(fact.subject.kind))
                             : fmt::format("{} {}", wire::to_string(fact.subject.kind), harmless(fact.subject.key));
        auto what = row ? std::string(choose(language, row->vi, row->en)) : harmless(fact.name);
        if (row && wire::is_list(*row)) what += " [" + harmless(fact.name.substr(row->name.size())) + "]";
        out += fmt::format("\n  {}: {} = {}", who, what, text_of(fact.value, language));
    }
    for (const auto& event : seen.events) {
        out += fmt::format("\n  {} ({})", event.kind, text_of(event.severity, language));
        for (const auto& [name, value] : event.fields) out += fmt::format(" {}={}", name, harmless(value));
    }
    if (!seen.error.empty())
        out += fmt::format("\n  {}: {}", choose(language, "không đo được", "could not look"),
                           harmless(seen.error.in(language)));
    const bool is_silent = seen.samples.empty() && seen.facts.empty() && seen.events.empty() && seen.remark.empty();
    if (is_silent && seen.error.empty())
        out += choose(language, "\n  không ghi nhận được gì; muốn chờ lâu hơn, thêm --timeout 30s",
                      "\n  nothing was seen; to wait for longer, add --timeout 30s");
    return out;
}

std::string to_json(const OnceRequest& request, const wire::Observation& seen) {
    json::array samples, facts, events;
    for (const auto& [series, value] : seen.samples)
        samples.push_back(json::object{
            {"metric", series.metric}, {"target", series.target}, {"unit", series.unit}, {"value", value}});
    for (const auto& fact : seen.facts)
        facts.push_back(
            json::object{{"subject", subject_json(fact.subject)}, {"name", fact.name}, {"value", json_of(fact)}});
    for (const auto& event : seen.events) {
        json::object fields;
        for (const auto& [name, value] : event.fields) fields[name] = value;
        events.push_back(json::object{{"kind", event.kind},
                                      {"severity", json::string(text_of(event.severity, Language::en))},
                                      {"subject", subject_json(event.subject)},
                                      {"at_mono_ms", event.at.time_since_epoch().count()},
                                      {"fields", std::move(fields)}});
    }
    json::value error, error_vi;
    if (!seen.error.empty()) {
        error = json::string(seen.error.en);
        error_vi = json::string(seen.error.vi);
    }
    return plain_json(json::object{{"probe", request.kind},
                                   {"target", request.target},
                                   {"at_mono_ms", seen.at.time_since_epoch().count()},
                                   {"samples", std::move(samples)},
                                   {"facts", std::move(facts)},
                                   {"events", std::move(events)},
                                   {"error", std::move(error)},
                                   {"error_vi", std::move(error_vi)}});
}

std::string failure_json(const OnceRequest& request, const Error& error) {
    const auto* kind = find_kind(request.kind);
    auto out = kind && kind->empty_description ? json::parse(kind->empty_description()).as_object() : json::object{};
    const auto words = told(error);
    out["probe"] = request.kind;
    out["target"] = request.target;
    out["error"] = words.en;
    out["error_vi"] = words.vi;
    return plain_json(out);
}

}  // namespace vg::probes
