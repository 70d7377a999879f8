#include "collector/register/value_places.hpp"

namespace vg::collector::registry {

void ValuePlaces::add(const yaml::Node& node) {
    for (const auto& item : node.items) add(item);
    for (const auto& [key, value] : node.entries) {
        places_[{node.place.file, node.place.line, node.place.column, key.scalar}] = value.place;
        add(value);
    }
}

const Place& ValuePlaces::of(const Place& record, std::string_view key) const {
    const auto found = places_.find({record.file, record.line, record.column, std::string(key)});
    return found != places_.end() ? found->second : record;
}

}  // namespace vg::collector::registry
