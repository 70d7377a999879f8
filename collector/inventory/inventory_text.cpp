#include "collector/inventory/inventory_text.hpp"

#include "collector/json_fields.hpp"

#include <boost/json.hpp>

namespace vg::collector::inventory::text {
namespace {

namespace json = boost::json;

json::array list(const std::vector<std::string>& texts) {
    json::array out;
    for (const auto& one : texts) out.push_back(json::value(one));
    return out;
}

const json::value& at(const json::object& object, std::string_view name) {
    static const json::value nothing;
    const auto* value = object.if_contains(name);
    return value != nullptr ? *value : nothing;
}

double number_at(const json::object& object, std::string_view name) {
    const auto& value = at(object, name);
    return value.is_number() ? value.to_number<double>() : 0;
}

std::vector<std::string> list_at(const json::object& object, std::string_view name) {
    std::vector<std::string> out;
    if (const auto* array = at(object, name).if_array())
        for (const auto& one : *array)
            if (one.is_string()) out.emplace_back(one.get_string());
    return out;
}

json::object read(const std::string& text) { return object_of(text).value_or(json::object()); }

SignalKind kind_of(std::string_view name) {
    for (int i = 0; i <= static_cast<int>(SignalKind::host_name); ++i)
        if (name == to_string(static_cast<SignalKind>(i))) return static_cast<SignalKind>(i);
    return SignalKind::host_name;
}

}  // namespace

Document document(const LogEntry& entry) {
    json::array reasons;
    for (const auto& one : entry.reasons)
        reasons.push_back(json::object{{"name", to_string(one.kind)}, {"value", one.value}, {"weight", one.weight}});
    const json::object object{{"what", entry.what},
                              {"who", entry.who},
                              {"note", entry.note},
                              {"records", list(entry.records)},
                              {"witnesses", list(entry.witnesses)},
                              {"score", entry.score},
                              {"reasons", std::move(reasons)}};
    return {log, entry.id, json::serialize(object), entry.at};
}

LogEntry read_log(const Document& document) {
    const auto object = read(document.text);
    LogEntry out{document.id,
                 document.at,
                 text_field(object, "what"),
                 text_field(object, "who"),
                 text_field(object, "note"),
                 list_at(object, "records"),
                 list_at(object, "witnesses"),
                 {},
                 number_at(object, "score")};
    if (const auto* reasons = at(object, "reasons").if_array())
        for (const auto& one : *reasons)
            if (const auto* reason = one.if_object())
                out.reasons.push_back(
                    {kind_of(text_field(*reason, "name")), text_field(*reason, "value"), number_at(*reason, "weight")});
    return out;
}

Document document(const std::vector<Pin>& all, const std::string& who, const std::string& note, Time now) {
    json::array out;
    for (const auto& pin : all)
        out.push_back(json::object{{"left", list(pin.left)}, {"right", list(pin.right)}, {"together", pin.together}});
    return {pins, "all", json::serialize(json::object{{"pins", std::move(out)}, {"who", who}, {"note", note}}), now};
}

std::vector<Pin> read_pins(const Document& document) {
    std::vector<Pin> out;
    const auto object = read(document.text);
    if (const auto* all = at(object, "pins").if_array())
        for (const auto& one : *all)
            if (const auto* pin = one.if_object())
                out.push_back(
                    {list_at(*pin, "left"), list_at(*pin, "right"), at(*pin, "together") == json::value(true)});
    return out;
}

Document document(const std::string& witness, const Triage& decided) {
    const json::object object{{"verdict", to_string(decided.verdict)}, {"who", decided.who}, {"note", decided.note}};
    return {triage, witness, json::serialize(object), decided.at};
}

Triage read_triage(const Document& document) {
    const auto object = read(document.text);
    Triage out{Verdict::none, text_field(object, "who"), text_field(object, "note"), document.at};
    for (const auto verdict : {Verdict::adopted, Verdict::ignored, Verdict::flagged})
        if (text_field(object, "verdict") == to_string(verdict)) out.verdict = verdict;
    return out;
}

Document document(const std::string& witness, const Place& place) {
    const json::object object{{"site", place.site}, {"from", place.from}};
    return {places, witness, json::serialize(object), place.since};
}

Place read_place(const Document& document) {
    const auto object = read(document.text);
    return {text_field(object, "site"), text_field(object, "from"), document.at};
}

}  // namespace vg::collector::inventory::text
