#pragma once
// What the inventory keeps in the store, as documents of JSON. What cannot be read is taken for empty. Pure.

#include "collector/inventory/inventory.hpp"

namespace vg::collector::inventory::text {

inline constexpr const char* log = "inventory_log";
inline constexpr const char* pins = "inventory_pins";
inline constexpr const char* triage = "inventory_triage";
inline constexpr const char* places = "inventory_places";
inline constexpr const char* held = "inventory_held";
inline constexpr const char* stocktakes = "stocktakes";  // "SITE/TIME": what the API keeps of one

[[nodiscard]] Document document(const LogEntry& entry);
[[nodiscard]] LogEntry read_log(const Document& document);
[[nodiscard]] Document document(const std::vector<Pin>& pins, const std::string& who, const std::string& note,
                                Time now);
[[nodiscard]] std::vector<Pin> read_pins(const Document& document);
[[nodiscard]] Document document(const std::string& witness, const Triage& triage);
[[nodiscard]] Triage read_triage(const Document& document);
[[nodiscard]] Document document(const std::string& witness, const Place& place);
[[nodiscard]] Place read_place(const Document& document);

}  // namespace vg::collector::inventory::text
