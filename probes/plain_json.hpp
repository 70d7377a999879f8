#pragma once
// JSON with numbers as people write them: 0 and 0.01, never 0E0 and 1E-2. Pure.

#include <boost/json/value.hpp>

#include <string>

namespace vg::probes {

[[nodiscard]] std::string plain_number(double value);                   // as short as it can be, without an exponent
[[nodiscard]] std::string plain_json(const boost::json::value& value);  // what is no finite number is null

}  // namespace vg::probes
