#pragma once
// An event's fields as one blob: pairs of sized texts. Pure.

#include "base/bytes.hpp"

#include <string>
#include <utility>
#include <vector>

namespace vg::collector {

using EventFields = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] inline Bytes encode_fields(const EventFields& fields) {
    Bytes out;
    Writer writer(out);
    for (const auto& [name, value] : fields) {
        writer.text(name);
        writer.text(value);
    }
    return out;
}

[[nodiscard]] inline EventFields decode_fields(ByteView bytes) {
    EventFields out;
    Reader in(bytes);
    while (in.ok() && in.left() > 0) {
        auto name = in.text(bytes.size());
        auto value = in.text(bytes.size());
        if (in.ok()) out.emplace_back(std::move(name), std::move(value));
    }
    return out;
}

}  // namespace vg::collector
