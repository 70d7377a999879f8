#include "probes/inventory/root_look.hpp"

#include "probes/inventory/words.hpp"
#include "wire/fact_table.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace vg::probes::inventory {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> roots_lists{"memory/", "disk/", "port/", "account/"};
// What we can tell by half only, root knows in full; of the rest we look more often.
constexpr std::array<std::string_view, 5> roots_facts{"accounts", "administrators", "idle_accounts", "disks_failing",
                                                      "firewall_on"};

constexpr std::size_t longest_text = 4000;

std::optional<wire::FactValue> value_of(const json::value& value, wire::FactType type) {
    if (value.is_bool() && type == wire::FactType::boolean) return value.get_bool();
    if (value.is_int64() && type == wire::FactType::integer) return value.get_int64();
    if (value.is_object() && type == wire::FactType::text) {  // an entry of a list
        auto text = json::serialize(value);
        return text.size() <= longest_text ? std::optional<wire::FactValue>(std::move(text)) : std::nullopt;
    }
    if (value.is_string() && type == wire::FactType::text)
        return clean(std::string_view(value.get_string()), longest_text);
    return std::nullopt;
}

// One fact of the file; nothing: not one of an inventory of this machine, or not known there either.
std::optional<wire::Fact> fact_of(const json::value& entry) {
    const auto* object = entry.if_object();
    const auto* subject = object != nullptr ? object->if_contains("subject") : nullptr;
    const auto* name = object != nullptr ? object->if_contains("name") : nullptr;
    const auto* value = object != nullptr ? object->if_contains("value") : nullptr;
    if (subject == nullptr || !subject->is_object() || name == nullptr || !name->is_string() || value == nullptr)
        return std::nullopt;
    const auto* key = subject->get_object().if_contains("key");
    if (key == nullptr || !key->is_string() || key->get_string() != "host") return std::nullopt;
    auto told = clean(std::string_view(name->get_string()), 220);
    const auto* row = wire::find_fact(wire::SubjectKind::device, told);
    if (row == nullptr || row->producer != "inventory") return std::nullopt;
    auto read = value_of(*value, row->type);
    if (!read) return std::nullopt;
    return wire::Fact{{wire::SubjectKind::device, "host"}, std::move(told), std::move(*read)};
}

std::string_view list_of(const wire::Fact& fact) {
    for (const auto list : roots_lists)
        if (fact.name.starts_with(list)) return list;
    return {};
}

}  // namespace

void fill_from_root(std::string_view text, wire::Observation& seen) {
    boost::system::error_code bad;
    json::parse_options options;
    options.max_depth = 8;
    const auto whole = json::parse(json::string_view(text.data(), text.size()), bad, {}, options);
    const auto* facts = !bad && whole.is_object() ? whole.get_object().if_contains("facts") : nullptr;
    if (facts == nullptr || !facts->is_array()) return;

    std::vector<wire::Fact> entries;
    for (const auto& entry : facts->get_array()) {
        auto fact = fact_of(entry);
        if (!fact) continue;
        if (!list_of(*fact).empty()) {
            entries.push_back(std::move(*fact));
            continue;
        }
        const auto ours = std::ranges::find(seen.facts, fact->name, &wire::Fact::name);
        if (ours == seen.facts.end()) continue;
        const bool knows_better = std::ranges::find(roots_facts, fact->name) != roots_facts.end();
        if (knows_better || std::holds_alternative<std::monostate>(ours->value)) ours->value = std::move(fact->value);
    }
    for (const auto list : roots_lists) {
        const auto is_its = [&](const wire::Fact& fact) { return fact.name.starts_with(list); };
        if (std::ranges::none_of(entries, is_its)) continue;
        std::erase_if(seen.facts, is_its);
        if (std::ranges::none_of(seen.whole, [&](const auto& whole_list) { return whole_list.name == list; }))
            seen.whole.push_back({{wire::SubjectKind::device, "host"}, std::string(list)});
    }
    std::ranges::move(entries, std::back_inserter(seen.facts));
}

}  // namespace vg::probes::inventory
