#include "probes/inventory/telling.hpp"

#include "probes/inventory/words.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdio>
#include <tuple>

namespace vg::probes::inventory {
namespace {

namespace json = boost::json;

const wire::Subject host{wire::SubjectKind::device, "host"};

wire::FactValue text_or_unknown(const std::string& text) {
    return text.empty() ? wire::FactValue{} : wire::FactValue{text};
}

template <class T>
wire::FactValue value_or_unknown(const std::optional<T>& value) {
    return value ? wire::FactValue{*value} : wire::FactValue{};
}

// An object of one level; what is not known stays out.
class Entry {
public:
    Entry& text(const char* key, const std::string& value) {
        if (!value.empty()) object_[key] = value;
        return *this;
    }
    template <class T>
    Entry& value(const char* key, const std::optional<T>& value) {
        if (value) object_[key] = *value;
        return *this;
    }
    [[nodiscard]] std::string str() const { return json::serialize(object_); }

private:
    json::object object_;
};

// The entries of one list; names are cut to what the protocol carries and are never empty.
class List {
public:
    List(const char* name, wire::Observation& out) : name_(name), out_(out) { out.whole.push_back({host, name}); }
    void add(std::string_view entry, std::string value) {
        auto name = clean(entry, 200);
        if (name.empty() || value.empty()) return;
        out_.facts.push_back({host, name_ + name, std::move(value)});
    }

private:
    std::string name_;
    wire::Observation& out_;
};

void tell_adapters(const std::vector<Adapter>& adapters, wire::Observation& out) {
    List list("adapter/", out);
    for (const auto& adapter : adapters) {
        Entry entry;
        entry.text("mac", adapter.mac).text("ipv4", adapter.ipv4).text("ipv6", adapter.ipv6);
        entry.value("speed_mbps", adapter.speed_mbps).value("up", adapter.up);
        list.add(adapter.name, entry.value("wireless", std::optional(adapter.wireless)).str());
    }
}

std::string iso(Day day) {
    const std::chrono::year_month_day date{day};
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text;
}

void tell_memory(const std::vector<MemoryModule>& modules, wire::Observation& out) {
    List list("memory/", out);
    for (const auto& module : modules) {
        Entry entry;
        entry.value("mib", std::optional(module.mib)).text("type", module.type).value("speed_mts", module.speed_mts);
        list.add(module.slot, entry.text("vendor", module.vendor).text("serial", module.serial).str());
    }
}

void tell_disks(const std::vector<Disk>& disks, wire::Observation& out) {
    List list("disk/", out);
    for (const auto& disk : disks) {
        Entry entry;
        entry.text("model", disk.model).text("serial", disk.serial).value("bytes", std::optional(disk.bytes));
        entry.text("kind", disk.kind);
        if (disk.failing) entry.text("health", *disk.failing ? "failing" : "ok");
        list.add(disk.name, entry.str());
    }
}

void tell_accounts(const std::vector<Account>& accounts, wire::Observation& out) {
    List list("account/", out);
    for (const auto& account : accounts) {
        Entry entry;
        entry.value("uid", std::optional(account.uid)).value("enabled", account.enabled);
        entry.value("administrator", std::optional(account.administrator));
        if (account.last_login) entry.text("last_login", iso(*account.last_login));
        list.add(account.name, entry.str());
    }
}

void tell_services(std::vector<Service> services, wire::Observation& out) {
    List list("service/", out);
    for (auto& service : services) list.add(service.name, std::move(service.state));
}

void tell_ports(std::vector<Listener> ports, wire::Observation& out) {
    List list("port/", out);
    for (auto& port : ports) list.add(port.where, port.process.empty() ? "?" : std::move(port.process));
}

void tell_usb(std::vector<UsbDevice> devices, wire::Observation& out) {
    List list("usb/", out);
    for (auto& device : devices) list.add(device.id, std::move(device.name));
}

// The numbers about accounts; one that hangs on what nobody may read is not known.
struct AccountCounts {
    std::optional<std::int64_t> enabled = 0, idle = 0;
    std::int64_t administrators = 0;
};

AccountCounts count(const std::vector<Account>& accounts) {
    AccountCounts out;
    for (const auto& account : accounts) {
        if (account.enabled == false) continue;
        if (account.administrator) ++out.administrators;
        if (!account.enabled)
            out.enabled.reset();
        else if (out.enabled)
            ++*out.enabled;
        if (account.idle == false) continue;
        if (!account.enabled || !account.idle)
            out.idle.reset();
        else if (out.idle)
            ++*out.idle;
    }
    return out;
}

// How many say so themselves; nobody knows when none does and one did not answer.
std::optional<std::int64_t> count_failing(const std::vector<Disk>& disks) {
    const auto failing = std::ranges::count_if(disks, [](const Disk& disk) { return disk.failing == true; });
    const bool all_known = std::ranges::all_of(disks, [](const Disk& disk) { return disk.failing.has_value(); });
    if (failing == 0 && (!all_known || disks.empty())) return std::nullopt;
    return failing;
}

// A name stands alone unless it is installed for two architectures.
void tell_software(std::vector<Package> packages, wire::Observation& out) {
    std::ranges::sort(packages, {}, [](const Package& p) { return std::tie(p.name, p.architecture); });
    List list("software/", out);
    out.facts.reserve(out.facts.size() + packages.size());
    for (std::size_t i = 0; i < packages.size(); ++i) {
        auto& package = packages[i];
        const bool twice = (i > 0 && packages[i - 1].name == package.name) ||
                           (i + 1 < packages.size() && packages[i + 1].name == package.name);
        list.add(twice ? package.name + ":" + package.architecture : package.name, std::move(package.version));
    }
}

struct Tell {
    std::vector<wire::Fact>& out;
    void operator()(const char* name, wire::FactValue value) const { out.push_back({host, name, std::move(value)}); }
};

void tell_system(const System& system, const Tell& tell) {
    tell("os_id", text_or_unknown(system.os_id));
    tell("os_version", text_or_unknown(system.os_version));
    tell("os_name", text_or_unknown(system.os_name));
    tell("computer_name", text_or_unknown(system.computer_name));
    tell("machine_id", text_or_unknown(system.machine_id));
}

void tell_board(const Board& board, const Tell& tell) {
    tell("board_vendor", text_or_unknown(board.vendor));
    tell("board_model", text_or_unknown(board.model));
    tell("board_serial", text_or_unknown(board.serial));
    tell("chassis", text_or_unknown(board.chassis));
    tell("bios_version", text_or_unknown(board.bios_version));
    tell("bios_date", text_or_unknown(board.bios_date));
}

void tell_processor(const Processor& processor, const Tell& tell) {
    tell("cpu_model", text_or_unknown(processor.model));
    tell("memory_mib", value_or_unknown(processor.memory_mib));
}

void tell_account_counts(const Reading& reading, const Tell& tell) {
    const auto counts = reading.accounts ? count(*reading.accounts) : AccountCounts{std::nullopt, std::nullopt, 0};
    tell("accounts", value_or_unknown(counts.enabled));
    tell("administrators", reading.accounts ? wire::FactValue{counts.administrators} : wire::FactValue{});
    tell("idle_accounts", value_or_unknown(counts.idle));
}

void tell_updates(const Reading& reading, const Tell& tell) {
    const auto& last = reading.last_update;
    tell("last_update", last ? wire::FactValue{iso(*last)} : wire::FactValue{});
    tell("last_update_days",
         last ? wire::FactValue{std::max<std::int64_t>((reading.today - *last).count(), 0)} : wire::FactValue{});
}

void tell_policy(const Policy& policy, const Tell& tell) {
    tell("autorun_on", value_or_unknown(policy.autorun));
    tell("screen_lock_minutes", value_or_unknown(policy.screen_lock_minutes));
    tell("lockout_failures", value_or_unknown(policy.lockout_failures));
}

void tell_protection(const Protection& protection, const Tell& tell) {
    tell("firewall_on", value_or_unknown(protection.firewall));
    tell("antimalware", value_or_unknown(protection.product));
    tell("antimalware_realtime", value_or_unknown(protection.realtime));
    tell("definitions_days", value_or_unknown(protection.definitions_days));
}

}  // namespace

void tell_facts(Part part, const Reading& reading, std::vector<wire::Fact>& out) {
    const Tell tell{out};
    switch (part) {
        case Part::system: return tell_system(reading.system.value_or(System{}), tell);
        case Part::board: return tell_board(reading.board.value_or(Board{}), tell);
        case Part::processor: return tell_processor(reading.processor.value_or(Processor{}), tell);
        case Part::accounts: return tell_account_counts(reading, tell);
        case Part::disks:
            return tell("disks_failing", value_or_unknown(count_failing(reading.disks.value_or(std::vector<Disk>{}))));
        case Part::updates: return tell_updates(reading, tell);
        case Part::policy: return tell_policy(reading.policy.value_or(Policy{}), tell);
        case Part::protection: return tell_protection(reading.protection.value_or(Protection{}), tell);
        case Part::memory:
        case Part::adapters:
        case Part::software:
        case Part::services:
        case Part::ports:
        case Part::usb: return;
    }
}

void tell_lists(Part part, Reading& reading, wire::Observation& out) {
    const auto tell = [&out](auto& read, auto&& how) {
        if (read) how(std::move(*read), out);
        read.reset();
    };
    switch (part) {
        case Part::memory: return tell(reading.memory, tell_memory);
        case Part::disks: return tell(reading.disks, tell_disks);
        case Part::adapters: return tell(reading.adapters, tell_adapters);
        case Part::software: return tell(reading.software, tell_software);
        case Part::services: return tell(reading.services, tell_services);
        case Part::ports: return tell(reading.ports, tell_ports);
        case Part::accounts: return tell(reading.accounts, tell_accounts);
        case Part::usb: return tell(reading.usb, tell_usb);
        case Part::system:
        case Part::board:
        case Part::processor:
        case Part::updates:
        case Part::policy:
        case Part::protection: return;
    }
}

}  // namespace vg::probes::inventory
