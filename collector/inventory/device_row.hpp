#pragma once
// What a list of devices shows of one: read once from its facts and kept until they change, so that fifty thousand of
// them can be searched and sorted between two turns. Owned by the pipeline, used from its thread.

#include "collector/inventory/standing.hpp"
#include "collector/pipeline.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace vg::collector::inventory {

struct DeviceRow {
    std::string id, site, name, kind, vendor, model, serial, os, version, ip, mac;
    double confidence = 0;
    bool cloned = false;
    std::uint8_t sources = 0;  // bit 1 << Source
    std::string triage;
    std::string folded;  // searched(), without case and marks
    Standing standing;   // as of the last look
    // What the last sweep told.
    Standing told;
    std::optional<bool> ip_duplicate;
    bool is_swept = false, told_cloned = false;
    std::string told_triage;
    bool is_stale = false;  // its facts have changed

    [[nodiscard]] const char* state() const;     // seen, missing, silent, not_seen
    [[nodiscard]] std::string searched() const;  // what people look for it by
};

class DeviceRows {
public:
    [[nodiscard]] DeviceRow& of(Pipeline& pipeline, const Record& record);
    void changed(const std::string& id) {
        if (const auto row = rows_.find(id); row != rows_.end()) row->second.is_stale = true;
    }
    void forget(const std::string& id) { rows_.erase(id); }

private:
    std::unordered_map<std::string, DeviceRow> rows_;
};

}  // namespace vg::collector::inventory
