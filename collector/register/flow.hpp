#pragma once
// Writes one-line YAML ("flow style") piece by piece: { key: value, ... }. Pure.

#include "base/yaml.hpp"

#include <string>
#include <string_view>

namespace vg::collector::registry {

[[nodiscard]] std::string quote(std::string_view text);  // "a \"b\"" as YAML and JSON read it
[[nodiscard]] std::string flow(const yaml::Node& node);  // the node again; numbers stay numbers

class FlowMap {
public:
    FlowMap& text(std::string_view key, std::string_view value);   // quoted; an empty one is left out
    FlowMap& plain(std::string_view key, std::string_view value);  // as it is; an empty one is left out
    FlowMap& node(std::string_view key, const yaml::Node& value);
    [[nodiscard]] std::string str() const { return "{ " + out_ + " }"; }

private:
    std::string out_;
};

}  // namespace vg::collector::registry
