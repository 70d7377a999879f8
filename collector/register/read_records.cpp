#include "collector/register/read_records.hpp"

#include "base/address.hpp"
#include "base/text.hpp"
#include "collector/register/probe_options.hpp"
#include "collector/register/record.hpp"

#include <algorithm>
#include <array>

namespace vg::collector::registry {
namespace {

constexpr std::array<std::string_view, 3> levels{"province", "district", "commune"};
constexpr std::array<std::string_view, 9> unit_kinds{"tinh",     "thanh_pho", "huyen",  "quan",   "thi_xa",
                                                     "thi_tran", "xa",        "phuong", "dac_khu"};
constexpr std::array<std::string_view, 8> uplink_kinds{"fibre", "xdsl", "2g", "3g", "4g", "5g", "satellite", "unknown"};
constexpr std::array<std::string_view, 4> statuses{"in_use", "spare", "repair", "retired"};
constexpr std::array<std::string_view, 7> succession_types{"merge",    "split",    "rename", "kind_change",
                                                           "transfer", "dissolve", "create"};

Validity read_validity(Record& record) {
    Validity valid{record.date("valid_from"), record.date("valid_to")};
    if (valid.from && valid.to && *valid.to <= *valid.from)
        record.problems().add(record.place_of("valid_to"),
                              {"valid_to phải sau valid_from", "valid_to must be later than valid_from"});
    return valid;
}

std::string read_mac(Record& record) {
    auto mac = lower(record.text("mac"));
    std::replace(mac.begin(), mac.end(), '-', ':');
    if (!mac.empty() && !is_mac(mac))
        record.problems().add(record.place_of("mac"), {"cần một địa chỉ MAC như 52:54:00:12:34:56",
                                                       "expected a MAC address such as 52:54:00:12:34:56"});
    return mac;
}

void read_asset(Record& record, Device& device) {
    device.vendor = record.text("vendor");
    device.model = record.text("model");
    device.serial = record.text("serial");
    device.location = record.text("location");
    device.segment = record.text("segment");
    device.purpose = record.text("purpose");
    if (record.ask("status") != nullptr) device.status = record.choice("status", statuses, "");
    device.responsible = record.text("responsible");
    device.conformity = record.text("conformity");
    device.support_end = record.date("support_end");
}

// The options of the snmp probe; target and the times may stand there, too.
void read_snmp(const yaml::Node& node, Device& device, Problems& problems) {
    device.snmp = node;
    Record options(node, problems);
    (void)options.text("target");
    (void)options.duration("every", "");
    (void)options.duration("timeout", "");
    check_probe_options("snmp", options.rest(), node, problems);
}

ProbeEntry read_probe(Record& record, std::string id) {
    ProbeEntry probe;
    probe.id = std::move(id);
    probe.place = record.place();
    probe.probe = record.choice("probe", known_probe_kinds(), "");
    probe.target = record.text("target");
    probe.every = record.duration("every", "");
    probe.timeout = record.duration("timeout", "");
    probe.watchers = record.flag("watchers", false);
    return probe;
}

template <class T, class One>
void each(const yaml::Node& node, std::vector<T>& out, Problems& problems, One one) {
    if (node.kind == yaml::Kind::null) return;
    if (node.kind != yaml::Kind::sequence) problems.add(node.place, {"cần một danh sách", "expected a list"});
    for (const auto& item : node.items) {
        Record record(item, problems);
        if (item.kind == yaml::Kind::mapping) out.push_back(one(record));
    }
}

}  // namespace

void read_units(const yaml::Node& list, Register& reg, Problems& problems) {
    each(list, reg.units, problems, [](Record& r) {
        Unit unit{r.required("code"),
                  r.choice("level", levels, ""),
                  r.choice("kind", unit_kinds, ""),
                  r.required("name"),
                  r.text("parent"),
                  read_validity(r),
                  r.place()};
        r.done();
        return unit;
    });
}

void read_successions(const yaml::Node& list, Register& reg, Problems& problems) {
    each(list, reg.successions, problems, [](Record& r) {
        Succession event{r.date("date"),  r.choice("type", succession_types, ""),
                         r.text("basis"), r.list("from"),
                         r.list("to"),    r.place()};
        if (!event.date) r.problems().add(r.place_of("date"), {"thiếu 'date'", "'date' is missing"});
        r.done();
        return event;
    });
}

void read_uplinks(const yaml::Node& list, const std::string& site, Register& reg, Problems& problems) {
    each(list, reg.uplinks, problems, [&](Record& r) {
        Uplink line;
        line.place = r.place();
        line.site = site.empty() ? r.required("site") : site;
        line.name = r.required("name");
        line.kind = r.choice("kind", uplink_kinds, "");
        line.provider = r.text("provider");
        line.contract = r.text("contract");
        line.subscribed_mbps = r.number("subscribed_mbps");
        if (line.subscribed_mbps && *line.subscribed_mbps <= 0)
            r.problems().add(r.place_of("subscribed_mbps"),
                             {"subscribed_mbps phải lớn hơn 0", "subscribed_mbps must be more than 0"});
        line.primary = r.flag("primary", false);
        line.interface = r.text("interface");
        line.next_hop = r.address("next_hop");
        r.done();
        return line;
    });
}

void read_services(const yaml::Node& list, const std::string& site, Register& reg, Problems& problems) {
    each(list, reg.services, problems, [&](Record& r) {
        Service service;
        service.place = r.place();
        service.site = site.empty() ? r.text("site") : site;
        service.id = r.required("id");
        service.name = r.text("name");
        service.kind = r.required("kind");
        const auto* from = r.ask("checked_from");
        if (from != nullptr && !(from->kind == yaml::Kind::scalar && from->scalar == "all")) {
            service.checked_from = r.list("checked_from");
            service.checked_everywhere = false;
        }
        service.probe = read_probe(r, service.id);
        service.probe.options = r.rest();
        check_probe_options(service.probe.probe, service.probe.options, r.node(), r.problems());
        return service;
    });
}

void read_devices(const yaml::Node& list, const std::string& site, Register& reg, Problems& problems) {
    each(list, reg.devices, problems, [&](Record& r) {
        Device device;
        device.place = r.place();
        device.site = site.empty() ? r.required("site") : site;
        device.name = r.required("name");
        device.kind = r.required("kind");
        device.mac = read_mac(r);
        const bool has_address = r.ask("ip") != nullptr;
        device.ip = r.address("ip");
        device.host = r.text("host");
        device.intranet_only = r.flag("intranet_only", false);
        read_asset(r, device);
        if (const auto* snmp = r.ask("snmp")) {
            if (snmp->kind != yaml::Kind::mapping)
                r.problems().add(snmp->place, {"cần một nhóm khóa là các tùy chọn của phép dò snmp",
                                               "expected a mapping with the options of the snmp probe"});
            else
                read_snmp(*snmp, device, r.problems());
            if (!has_address)
                r.problems().add(snmp->place, {"snmp cần 'ip' của thiết bị", "snmp needs the device's ip"});
        }
        r.done();
        return device;
    });
}

void read_sites(const yaml::Node& list, Register& reg, Problems& problems) {
    const yaml::Node nothing;
    each(list, reg.sites, problems, [&](Record& r) {
        Site site{r.required("id"),
                  r.required("name"),
                  r.required("unit"),
                  r.text("address"),
                  r.whole("head_count", 0, 100'000),
                  r.whole("expected_pcs", 0, 100'000),
                  r.whole("expected_agents", 0, 100'000),
                  r.whole("level", 1, 5),
                  r.date("stocktake"),
                  r.date("review"),
                  read_validity(r),
                  r.place()};
        const auto inner = [&](std::string_view key) -> const yaml::Node& {
            const auto* node = r.ask(key);
            return node != nullptr ? *node : nothing;
        };
        const std::string owner = site.id.empty() ? "?" : site.id;
        read_uplinks(inner("uplinks"), owner, reg, problems);
        read_services(inner("services"), owner, reg, problems);
        read_devices(inner("devices"), owner, reg, problems);
        read_software(inner("software"), owner, reg, problems);
        read_addresses(inner("addresses"), owner, reg, problems);
        read_segments(inner("segments"), owner, reg, problems);
        read_probes(inner("probes"), owner, reg, problems);
        r.done();
        return site;
    });
}

void read_software(const yaml::Node& list, const std::string& site, Register& reg, Problems& problems) {
    each(list, reg.software, problems, [&](Record& r) {
        Software software;
        software.place = r.place();
        software.site = site.empty() ? r.text("site") : site;
        software.name = r.required("name");
        software.version = r.text("version");
        software.purpose = r.text("purpose");
        software.licence = r.text("licence");
        software.owner = r.text("owner");
        software.support_end = r.date("support_end");
        r.done();
        return software;
    });
}

void read_addresses(const yaml::Node& list, const std::string& site, Register& reg, Problems& problems) {
    each(list, reg.addresses, problems, [&](Record& r) {
        AddressPlan plan;
        plan.place = r.place();
        plan.site = site.empty() ? r.text("site") : site;
        if (r.ask("prefix") == nullptr) r.problems().add(r.place(), {"thiếu 'prefix'", "'prefix' is missing"});
        plan.prefix = r.network("prefix");
        plan.purpose = r.text("purpose");
        plan.assigned = r.date("assigned");
        plan.reviewed = r.date("reviewed");
        r.done();
        return plan;
    });
}

void read_segments(const yaml::Node& list, const std::string& site, Register& reg, Problems& problems) {
    each(list, reg.segments, problems, [&](Record& r) {
        Segment segment;
        segment.place = r.place();
        segment.site = site.empty() ? r.required("site") : site;
        segment.name = r.required("name");
        segment.prefix = r.network("prefix");
        segment.vlan = r.whole("vlan", 1, 4094);
        segment.kinds = r.list("kinds");
        if (r.ask("prefix") == nullptr && !segment.vlan)
            r.problems().add(r.place(), {"phân đoạn mạng cần 'prefix', 'vlan' hoặc cả hai",
                                         "a segment needs its 'prefix', its 'vlan' or both"});
        if (segment.kinds.empty())
            r.problems().add(r.place_of("kinds"),
                             {"phân đoạn mạng phải nêu các loại thiết bị ('kinds') thuộc về nó, như [camera, nvr]",
                              "a segment names the 'kinds' of devices that belong there, such as [camera, nvr]"});
        r.done();
        return segment;
    });
}

void read_probes(const yaml::Node& list, const std::string& site, Register& reg, Problems& problems) {
    each(list, reg.probes, problems, [&](Record& r) {
        auto probe = read_probe(r, r.required("id"));
        probe.site = site.empty() ? r.text("site") : site;
        probe.options = r.rest();
        check_probe_options(probe.probe, probe.options, r.node(), r.problems());
        return probe;
    });
}

void read_profiles(const yaml::Node& node, Register& reg, Problems& problems) {
    Record profiles(node, problems);
    if (const auto* fibre = profiles.ask("fibre")) {
        Record r(*fibre, problems);
        reg.profiles.fibre_heartbeat = r.duration("heartbeat", reg.profiles.fibre_heartbeat);
        reg.profiles.fibre_seal = r.duration("seal", reg.profiles.fibre_seal);
        r.done();
    }
    if (const auto* metered = profiles.ask("metered")) {
        Record r(*metered, problems);
        reg.profiles.metered_seal = r.duration("seal", reg.profiles.metered_seal);
        r.done();
    }
    profiles.done();
}

}  // namespace vg::collector::registry
