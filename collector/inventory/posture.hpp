#pragma once
// Facts that the collector derives of devices and sites: support ends, insecure protocols, software outside the
// allow-list, holes in the register, reboots, segments, addresses of the government network, days since reviews.
// Pure but for what it remembers of reboots and addresses. Used from the pipeline thread.

#include "collector/inventory/reboots.hpp"
#include "collector/inventory/record_view.hpp"
#include "rules/support.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace vg::collector::inventory {

// The day in Vietnam (UTC+7, no daylight saving).
[[nodiscard]] std::chrono::sys_days day_in_vietnam(Time now);

// Of one device. An answer with monostate: not known.
[[nodiscard]] std::vector<Derived> derive_support(const RecordView& record, const rules::SupportTables& tables,
                                                  std::chrono::sys_days today);
[[nodiscard]] std::vector<Derived> derive_register(const RecordView& record);
[[nodiscard]] std::vector<Derived> derive_software(const RecordView& record);
[[nodiscard]] Derived derive_insecure_protocols(const RecordView& record);
[[nodiscard]] Derived derive_outside_segment(const RecordView& record);
// Every address that the device is known to have, as texts.
[[nodiscard]] std::vector<std::string> addresses_of(const RecordView& record);

class DevicePosture final : public Posture {
public:
    struct Sources {
        // The tables in force; asked at every look, so that a reload counts at once. May give null.
        std::function<std::shared_ptr<const rules::SupportTables>()> support;
        // When the stocktake of a site was recorded last; may be empty.
        std::function<std::optional<Time>(std::string_view site)> last_stocktake;
        // When somebody last went through its unknown devices; may be empty.
        std::function<std::optional<Time>(std::string_view site)> last_review;
    };
    explicit DevicePosture(Sources sources);
    ~DevicePosture() override;

    [[nodiscard]] std::vector<Derived> of_record(const RecordView& record, Time now) override;
    [[nodiscard]] std::vector<std::string> due(Time now) override;
    [[nodiscard]] std::vector<Derived> of_site(std::string_view site, const std::vector<const RecordView*>& records,
                                               Time now) override;
    [[nodiscard]] std::map<std::string, std::vector<Derived>> of_units(const TopOf& top_of, Time now) override;

private:
    struct Plan;
    struct Known {  // of a record at its last look
        std::string site;
        std::string model;                // "" where its reboots say nothing about a model
        std::set<std::string> addresses;  // within the government network
    };
    void count_reboots(const RecordView& record, Time now, std::vector<Derived>& out);
    void keep_addresses(const RecordView& record, Known& known);
    void forget_gone(std::string_view site, const std::vector<const RecordView*>& records);
    [[nodiscard]] const Plan& plan_of(const registry::Register& reg);
    void forget_addresses(const std::string& id, const Known& known);
    void derive_wave(const std::vector<const RecordView*>& records, Time now, std::vector<Derived>& out);
    void derive_addresses(std::string_view site, const std::vector<const RecordView*>& records,
                          std::vector<Derived>& out);

    Sources sources_;
    Reboots reboots_;
    std::unordered_map<std::string, Known> known_;
    std::map<std::string, std::set<std::string>> owners_;  // address of the government network: records that have it
    std::unordered_map<std::string, std::set<std::string>> members_;  // site: records that were looked at
    std::unique_ptr<Plan> plan_;
    std::optional<Time> started_;
};

}  // namespace vg::collector::inventory
