#pragma once
// What an asset's record must hold (TCVN 14423:2026, 4.2.2.1b, second-hand): name, static address, card or serial
// number, vendor's end of support, place and place in the network, purpose, status, responsible person. Pure.

#include "collector/register/model.hpp"

namespace vg::collector::registry {

struct MandatoryField {
    std::string_view key;  // as pages and reports name it
    std::string_view vi, en;
};

// Of a device of the register, in order of the standard; empty: its record is complete.
[[nodiscard]] std::vector<MandatoryField> missing_fields(const Device& device);

}  // namespace vg::collector::registry
