#include "collector/inventory/posture.hpp"

#include "base/address.hpp"

#include <algorithm>
#include <array>

namespace vg::collector::inventory {
namespace {

using std::chrono::sys_days;
using wire::FactValue;

constexpr std::size_t most_problems = 5;

// PCs are switched on together every morning, printers too; what should run on by itself is counted.
bool should_run_on(std::string_view kind) {
    static constexpr std::array<std::string_view, 7> kinds{"router", "switch", "ap", "camera", "nvr", "ups", "other"};
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

std::string model_of(const RecordView& record) {
    if (!should_run_on(record.kind())) return {};
    auto model = text_of(record, "hardware");
    if (model.empty()) model = text_of(record, "model");
    const auto vendor = text_of(record, "vendor");
    return model.empty() || vendor.empty() ? model : vendor + " " + model;
}

FactValue days_since(std::optional<sys_days> day, sys_days today) {
    if (!day) return {};
    return static_cast<std::int64_t>(std::max(today - *day, std::chrono::days{0}).count());
}

void newest(std::optional<sys_days>& held, std::optional<sys_days> other) {
    if (other && (!held || *held < *other)) held = other;
}

std::optional<sys_days> day_of(const std::optional<registry::Date>& date) {
    return date ? std::optional(sys_days(*date)) : std::nullopt;
}

}  // namespace

// The address plan of the government network, read once for each register.
struct DevicePosture::Plan {
    struct Row {
        Network network;
        const registry::AddressPlan* plan;
    };
    const registry::Register* of;
    std::string version;
    const registry::AddressPlan* first;
    std::size_t count;
    std::vector<Row> rows;

    explicit Plan(const registry::Register& reg)
        : of(&reg), version(reg.version), first(reg.addresses.data()), count(reg.addresses.size()) {
        for (const auto& plan : reg.addresses)
            if (const auto network = Network::parse(plan.prefix)) rows.push_back({*network, &plan});
    }
    [[nodiscard]] bool is_of(const registry::Register& reg) const {
        return of == &reg && version == reg.version && first == reg.addresses.data() && count == reg.addresses.size();
    }
    [[nodiscard]] bool holds(const Address& address) const {
        return std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.network.contains(address); });
    }
    // The narrowest row that assigns the address to a site; null: nobody was given it.
    [[nodiscard]] const registry::AddressPlan* assigned(const Address& address) const {
        const Row* best = nullptr;
        for (const auto& row : rows)
            if (!row.plan->site.empty() && row.network.contains(address) &&
                (best == nullptr || best->network.bits < row.network.bits))
                best = &row;
        return best != nullptr ? best->plan : nullptr;
    }
};

DevicePosture::DevicePosture(Sources sources) : sources_(std::move(sources)) {}
DevicePosture::~DevicePosture() = default;

const DevicePosture::Plan& DevicePosture::plan_of(const registry::Register& reg) {
    if (!plan_ || !plan_->is_of(reg)) plan_ = std::make_unique<Plan>(reg);
    return *plan_;
}

sys_days day_in_vietnam(Time now) { return std::chrono::floor<std::chrono::days>(now + std::chrono::hours(7)); }

std::vector<Derived> DevicePosture::of_record(const RecordView& record, Time now) {
    if (!started_) started_ = now;
    const auto kind = record.kind();
    const bool by_snmp = record.id().find("/snmp:") != std::string::npos ||
                         record.value("has_snmp") == FactValue{true} ||
                         !std::holds_alternative<std::monostate>(record.value("snmp_ok"));
    std::vector<Derived> out{{"device_kind", kind.empty() ? FactValue{} : FactValue{kind}}};
    // Fifty thousand devices of the LAN need not say that they are neither.
    const auto flag = [&](const char* name, bool value) {
        if (value || !std::holds_alternative<std::monostate>(record.value(name))) out.push_back({name, value});
    };
    flag("has_agent", record.has_agent());
    flag("has_snmp", by_snmp);
    const auto add = [&](std::vector<Derived> more) { std::move(more.begin(), more.end(), std::back_inserter(out)); };
    if (const auto tables = sources_.support ? sources_.support() : nullptr)
        add(derive_support(record, *tables, day_in_vietnam(now)));
    add(derive_register(record));
    if (record.has_agent()) add(derive_software(record));
    out.push_back(derive_insecure_protocols(record));
    out.push_back(derive_outside_segment(record));
    count_reboots(record, now, out);
    auto& known = known_[record.id()];
    if (known.site != record.site()) {
        if (const auto old = members_.find(known.site); old != members_.end()) old->second.erase(record.id());
        members_[record.site()].insert(record.id());
        known.site = record.site();
    }
    known.model = model_of(record);
    keep_addresses(record, known);
    return out;
}

void DevicePosture::count_reboots(const RecordView& record, Time now, std::vector<Derived>& out) {
    const auto uptime = record.value("device_uptime_s");
    if (const auto* seconds = std::get_if<std::int64_t>(&uptime)) reboots_.saw_uptime(record.id(), *seconds, now);
    const auto boot = record.of_agent("boot_id");
    if (const auto* id = std::get_if<std::string>(&boot); id != nullptr && !id->empty())
        reboots_.saw_boot(record.id(), *id, now);
    if (!reboots_.knows(record.id())) return;
    auto count = reboots_.within_hour(record.id(), now);
    // What was counted before this program began stands for an hour.
    const auto before = record.value("reboots_hour");
    if (const auto* held = std::get_if<std::int64_t>(&before); held != nullptr && now < *started_ + reboot_window)
        count = std::max(count, *held);
    out.push_back({"reboots_hour", count});
}

std::vector<std::string> DevicePosture::due(Time now) { return reboots_.take_fallen(now); }

void DevicePosture::forget_addresses(const std::string& id, const Known& known) {
    for (const auto& address : known.addresses) {
        const auto owners = owners_.find(address);
        if (owners == owners_.end()) continue;
        owners->second.erase(id);
        if (owners->second.empty()) owners_.erase(owners);
    }
}

void DevicePosture::keep_addresses(const RecordView& record, Known& known) {
    forget_addresses(record.id(), known);
    known.addresses.clear();
    if (record.reg().addresses.empty()) return;
    const auto& plan = plan_of(record.reg());
    for (auto& text : addresses_of(record))
        if (const auto address = parse_address(text); address && plan.holds(*address)) {
            owners_[text].insert(record.id());
            known.addresses.insert(std::move(text));
        }
}

// Records that were merged into others, or are no more.
void DevicePosture::forget_gone(std::string_view site, const std::vector<const RecordView*>& records) {
    const auto members = members_.find(std::string(site));
    if (members == members_.end() || members->second.size() <= records.size()) return;
    std::set<std::string_view> here;
    for (const auto* record : records) here.insert(record->id());
    std::erase_if(members->second, [&](const std::string& id) {
        if (here.contains(id)) return false;
        if (const auto known = known_.find(id); known != known_.end()) {
            forget_addresses(id, known->second);
            known_.erase(known);
        }
        reboots_.forget(id);
        return true;
    });
}

void DevicePosture::derive_wave(const std::vector<const RecordView*>& records, Time now, std::vector<Derived>& out) {
    std::map<std::string, std::int64_t> models;
    bool any = false;
    for (const auto* record : records) {
        const auto found = known_.find(record->id());
        if (found == known_.end() || found->second.model.empty() || !reboots_.knows(record->id())) continue;
        any = true;
        if (reboots_.within_hour(record->id(), now) > 0) ++models[found->second.model];
    }
    if (!any) return;
    const auto most = std::max_element(models.begin(), models.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    const bool none = most == models.end();
    out.push_back({"reboots_one_model_hour", none ? std::int64_t{0} : most->second});
    out.push_back({"reboots_one_model", none ? std::string() : most->first});
}

// Of one model as a whole: five routers of the province's model, each at a site of its own, are a wave that no site
// sees.
std::map<std::string, std::vector<Derived>> DevicePosture::of_units(const TopOf& top_of, Time now) {
    struct Model {
        std::int64_t devices = 0;
        std::set<std::string_view> sites;
    };
    std::unordered_map<std::string_view, std::string> tops;  // by site
    std::map<std::string, std::map<std::string_view, Model>> units;
    for (const auto& [id, known] : known_) {
        if (known.model.empty() || !reboots_.knows(id)) continue;
        const auto [top, is_new] = tops.try_emplace(known.site);
        if (is_new) top->second = top_of(known.site);
        if (top->second.empty()) continue;
        auto& models = units[top->second];
        if (reboots_.within_hour(id, now) == 0) continue;
        auto& model = models[known.model];
        ++model.devices;
        model.sites.insert(known.site);
    }
    std::map<std::string, std::vector<Derived>> out;
    for (const auto& [unit, models] : units) {
        const auto most = std::max_element(models.begin(), models.end(), [](const auto& a, const auto& b) {
            return a.second.devices < b.second.devices;
        });
        const bool none = most == models.end();
        out[unit] = {
            {"reboots_one_model_hour", none ? std::int64_t{0} : most->second.devices},
            {"reboots_one_model", none ? std::string() : std::string(most->first)},
            {"reboots_one_model_sites", none ? std::int64_t{0} : static_cast<std::int64_t>(most->second.sites.size())}};
    }
    return out;
}

void DevicePosture::derive_addresses(std::string_view site, const std::vector<const RecordView*>& records,
                                     std::vector<Derived>& out) {
    const auto& plan = plan_of(records.front()->reg());
    std::map<std::string, std::string> problems;  // address: what is wrong
    for (const auto* record : records) {
        const auto found = known_.find(record->id());
        if (found == known_.end()) continue;
        for (const auto& text : found->second.addresses) {
            const auto* assigned = plan.assigned(*parse_address(text));
            if (assigned == nullptr)
                problems[text] = "chưa đăng ký (unregistered)";
            else if (assigned->site != site)
                problems[text] = "của trụ sở (assigned to) " + assigned->site;
            else if (const auto owners = owners_.find(text); owners != owners_.end() && owners->second.size() > 1)
                problems[text] = "trùng (doubled)";
        }
    }
    std::string names;
    std::size_t shown = 0;
    for (const auto& [address, why] : problems) {
        if (++shown > most_problems) {
            names += ", …";
            break;
        }
        names += (names.empty() ? "" : ", ") + address + " " + why;
    }
    out.push_back({"tslcd_problems", static_cast<std::int64_t>(problems.size())});
    out.push_back({"tslcd_problem_names", names});
}

std::vector<Derived> DevicePosture::of_site(std::string_view site, const std::vector<const RecordView*>& records,
                                            Time now) {
    std::vector<Derived> out;
    if (records.empty()) return out;
    const auto& reg = records.front()->reg();
    const auto today = day_in_vietnam(now);
    forget_gone(site, records);
    derive_wave(records, now, out);
    if (const auto* found = reg.site(site)) {
        auto stocktake = day_of(found->stocktake);
        if (sources_.last_stocktake)
            if (const auto at = sources_.last_stocktake(site)) newest(stocktake, day_in_vietnam(*at));
        auto review = day_of(found->review);
        if (sources_.last_review)
            if (const auto at = sources_.last_review(site)) newest(review, day_in_vietnam(*at));
        out.push_back({"stocktake_days", days_since(stocktake, today)});
        out.push_back({"review_days", days_since(review, today)});
    }
    if (reg.addresses.empty()) {
        for (const char* name : {"tslcd_problems", "tslcd_problem_names", "tslcd_review_days"})
            out.push_back({name, {}});
        return out;
    }
    derive_addresses(site, records, out);
    std::optional<sys_days> oldest;
    bool is_complete = false;
    for (const auto& plan : reg.addresses) {
        if (plan.site != site) continue;
        auto looked = day_of(plan.assigned);
        newest(looked, day_of(plan.reviewed));
        if (!looked) {
            is_complete = false;
            break;
        }
        is_complete = true;
        oldest = oldest ? std::min(*oldest, *looked) : looked;
    }
    out.push_back({"tslcd_review_days", is_complete ? days_since(oldest, today) : FactValue{}});
    return out;
}

}  // namespace vg::collector::inventory
