#include "probes/snmp/trap.hpp"

#include <algorithm>

namespace vg::probes::snmp {
namespace {

const Oid time_stamp{1, 3, 6, 1, 2, 1, 1, 3, 0}, snmp_trap_oid{1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0};
const Oid standard_traps{1, 3, 6, 1, 6, 3, 1, 1, 5};
const Oid if_entry{1, 3, 6, 1, 2, 1, 2, 2, 1};
constexpr std::size_t most_bindings = 20, longest_value = 200;
constexpr std::int64_t enterprise_specific = 6;

wire::Severity severity_of(std::string_view name) {
    if (name == "authenticationFailure" || name == "upsTrapOnBattery") return wire::Severity::medium;
    return name == "linkDown" || name == "coldStart" ? wire::Severity::low : wire::Severity::info;
}

// BER as far as it is needed to find two texts: tag, length, contents; definite lengths only.
class Ber {
public:
    explicit Ber(ByteView bytes) : rest_(bytes) {}
    // The contents of the next element, if it has this tag.
    std::optional<ByteView> take(std::uint8_t tag) {
        if (rest_.size() < 2 || rest_[0] != tag) return std::nullopt;
        std::size_t size = rest_[1], head = 2;
        if (size & 0x80) {
            const auto more = size & 0x7f;
            if (more == 0 || more > 4 || rest_.size() < 2 + more) return std::nullopt;
            size = 0;
            for (std::size_t i = 0; i < more; ++i) size = size << 8 | rest_[2 + i];
            head += more;
        }
        if (size > rest_.size() - head) return std::nullopt;
        const auto contents = rest_.subspan(head, size);
        rest_ = rest_.subspan(head + size);
        return contents;
    }

private:
    ByteView rest_;
};

std::string text_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

Oid trap_oid(const Trap& trap) {
    if (trap.version == "1") {
        if (trap.generic >= 0 && trap.generic < enterprise_specific)
            return standard_traps + static_cast<std::uint32_t>(trap.generic + 1);
        const auto specific = static_cast<std::uint32_t>(std::clamp<std::int64_t>(trap.specific, 0, UINT32_MAX));
        return trap.enterprise + 0u + specific;
    }
    for (const auto& binding : trap.bindings)
        if (binding.oid == snmp_trap_oid)
            if (const auto* id = std::get_if<Oid>(&binding.value)) return *id;
    return {};
}

std::string_view trap_name(const Oid& oid) {
    static const std::map<Oid, std::string_view> names{
        {standard_traps + 1, "coldStart"},
        {standard_traps + 2, "warmStart"},
        {standard_traps + 3, "linkDown"},
        {standard_traps + 4, "linkUp"},
        {standard_traps + 5, "authenticationFailure"},
        {standard_traps + 6, "egpNeighborLoss"},
        {{1, 3, 6, 1, 2, 1, 17, 0, 1}, "newRoot"},
        {{1, 3, 6, 1, 2, 1, 17, 0, 2}, "topologyChange"},
        {{1, 3, 6, 1, 2, 1, 33, 2, 1}, "upsTrapOnBattery"},
        {{1, 3, 6, 1, 2, 1, 33, 2, 3}, "upsTrapAlarmEntryAdded"},
        {{1, 3, 6, 1, 2, 1, 33, 2, 4}, "upsTrapAlarmEntryRemoved"},
        {{1, 3, 6, 1, 2, 1, 43, 18, 2, 0, 1}, "printerV2Alert"},
        {{1, 3, 6, 1, 2, 1, 47, 2, 0, 1}, "entConfigChange"},
        {{1, 0, 8802, 1, 1, 2, 0, 0, 1}, "lldpRemTablesChange"},
    };
    const auto found = names.find(oid);
    return found == names.end() ? std::string_view{} : found->second;
}

wire::Event event_of(const Trap& trap, Mono at) {
    wire::Event event;
    event.kind = "snmp.trap";
    event.subject = {wire::SubjectKind::device, "snmp:" + trap.source};
    event.at = at;
    const auto oid = trap_oid(trap);
    const auto name = trap_name(oid);
    event.severity = severity_of(name);
    event.fields = {{"source", trap.source}, {"version", trap.version}, {"oid", to_text(oid)}};
    if (!name.empty()) event.fields.emplace_back("name", name);
    if (trap.is_inform) event.fields.emplace_back("inform", "true");
    if (trap.version == "1") event.fields.emplace_back("enterprise", to_text(trap.enterprise));
    std::size_t told = 0, left_out = 0;
    for (const auto& binding : trap.bindings) {
        if (binding.oid == time_stamp || binding.oid == snmp_trap_oid) continue;
        if (told++ >= most_bindings) {
            ++left_out;
            continue;
        }
        event.fields.emplace_back(to_text(binding.oid), text(&binding.value, longest_value));
        if (is_under(binding.oid, if_entry) && binding.oid.size() == if_entry.size() + 2 &&
            std::none_of(event.fields.begin(), event.fields.end(),
                         [](const auto& f) { return f.first == "interface"; }))
            event.fields.emplace_back("interface", std::to_string(binding.oid.back()));
    }
    if (left_out > 0) event.fields.emplace_back("left_out", std::to_string(left_out));
    return event;
}

std::optional<V3Sender> v3_sender(ByteView message) {
    constexpr std::uint8_t integer_tag = 0x02, octets_tag = 0x04, sequence_tag = 0x30;
    const auto whole = Ber(message).take(sequence_tag);
    if (!whole) return std::nullopt;
    Ber fields(*whole);
    const auto version = fields.take(integer_tag);
    if (!version || version->size() != 1 || (*version)[0] != 3) return std::nullopt;
    if (!fields.take(sequence_tag)) return std::nullopt;
    const auto security = fields.take(octets_tag);
    const auto inner = security ? Ber(*security).take(sequence_tag) : std::nullopt;
    if (!inner) return std::nullopt;
    Ber parameters(*inner);
    const auto engine = parameters.take(octets_tag);
    const bool has_clock = engine && parameters.take(integer_tag) && parameters.take(integer_tag);
    const auto user = has_clock ? parameters.take(octets_tag) : std::nullopt;
    if (!user || engine->size() > 32 || user->size() > 32) return std::nullopt;
    return V3Sender{text_of(*engine), text_of(*user)};
}

}  // namespace vg::probes::snmp
