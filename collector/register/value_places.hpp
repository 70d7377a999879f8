#pragma once
// Where the values of records stand in their file, for mistakes that are found when the whole register has been read.
// Lives while a register is read.

#include "base/yaml.hpp"

#include <map>
#include <tuple>

namespace vg::collector::registry {

class ValuePlaces {
public:
    void add(const yaml::Node& node);  // the values of all mappings in it
    // Of the value of a key in the record that begins there; the record's own place where it has no such key.
    [[nodiscard]] const Place& of(const Place& record, std::string_view key) const;

private:
    using Key = std::tuple<std::string, int, int, std::string>;

    std::map<Key, Place> places_;
};

}  // namespace vg::collector::registry
