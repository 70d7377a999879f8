#include "probes/inventory/telling.hpp"

#include "probes/inventory/words.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
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

}  // namespace

void tell_facts(Part part, const Reading& reading, std::vector<wire::Fact>& out) {
    const auto tell = [&](const char* name, wire::FactValue value) { out.push_back({host, name, std::move(value)}); };
    switch (part) {
        case Part::system: {
            const auto system = reading.system.value_or(System{});
            tell("os_id", text_or_unknown(system.os_id));
            tell("os_version", text_or_unknown(system.os_version));
            tell("os_name", text_or_unknown(system.os_name));
            tell("computer_name", text_or_unknown(system.computer_name));
            tell("machine_id", text_or_unknown(system.machine_id));
            return;
        }
        case Part::board: {
            const auto board = reading.board.value_or(Board{});
            tell("board_vendor", text_or_unknown(board.vendor));
            tell("board_model", text_or_unknown(board.model));
            tell("board_serial", text_or_unknown(board.serial));
            tell("chassis", text_or_unknown(board.chassis));
            tell("bios_version", text_or_unknown(board.bios_version));
            tell("bios_date", text_or_unknown(board.bios_date));
            return;
        }
        case Part::processor: {
            const auto processor = reading.processor.value_or(Processor{});
            tell("cpu_model", text_or_unknown(processor.model));
            tell("memory_mib", value_or_unknown(processor.memory_mib));
            return;
        }
        case Part::adapters:
        case Part::software: return;
    }
}

void tell_lists(Part part, Reading& reading, wire::Observation& out) {
    switch (part) {
        case Part::adapters:
            if (reading.adapters) tell_adapters(*reading.adapters, out);
            reading.adapters.reset();
            return;
        case Part::software:
            if (reading.software) tell_software(std::move(*reading.software), out);
            reading.software.reset();
            return;
        case Part::system:
        case Part::board:
        case Part::processor: return;
    }
}

}  // namespace vg::probes::inventory
