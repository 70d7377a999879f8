#include "probes/inventory/nftables.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

namespace vg::probes::inventory {
namespace {

// linux/netlink.h, linux/netfilter/nfnetlink.h, linux/netfilter/nf_tables.h: a stable interface, spelled out so that
// this file is the same on every system.
constexpr std::uint16_t message_error = 2, message_done = 3;
constexpr std::uint16_t subsystem = 10 << 8;
constexpr std::uint16_t new_chain = subsystem | 3, get_chain = subsystem | 4;
constexpr std::uint16_t new_rule = subsystem | 6, get_rule = subsystem | 7;
constexpr std::uint16_t request_dump = 0x301;
constexpr std::uint16_t chain_table = 1, chain_name = 3, chain_hook = 4, chain_policy = 5, chain_kind = 7;
constexpr std::uint16_t rule_table = 1, rule_chain = 2, rule_expressions = 4;
constexpr std::uint16_t expression_name = 1, expression_data = 2, immediate_data = 2, target_name = 1;
constexpr std::uint16_t data_verdict = 2, verdict_code = 1, verdict_chain = 2;
constexpr std::size_t most_chains = 2000;
constexpr std::uint16_t hook_number = 1;
constexpr std::uint8_t family_inet = 1, family_ipv4 = 2, family_ipv6 = 10;
constexpr std::uint32_t hook_input = 1, policy_drop = 0;
constexpr std::size_t header = 16, nfgen = 4;

template <class Number>
Number at(ByteView bytes, std::size_t offset) {
    Number value{};
    if (offset + sizeof value <= bytes.size()) std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

// Calls `each(type, content)` for the attributes of a message or of another attribute.
template <class Each>
void attributes(ByteView bytes, Each&& each) {
    while (bytes.size() >= 4) {
        const std::size_t length = at<std::uint16_t>(bytes, 0);
        if (length < 4 || length > bytes.size()) return;
        each(static_cast<std::uint16_t>(at<std::uint16_t>(bytes, 2) & 0x3fff), bytes.subspan(4, length - 4));
        bytes = bytes.subspan(std::min((length + 3) & ~std::size_t{3}, bytes.size()));
    }
}

std::uint32_t big_endian(ByteView bytes) {
    if (bytes.size() < 4) return 0xffffffff;
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

std::string text(ByteView bytes) {
    const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return std::string(all.substr(0, all.find('\0')));
}

std::string key(std::uint8_t family, const std::string& table, const std::string& chain) {
    return std::to_string(family) + "/" + table + "/" + chain;
}

void read_chain(std::uint8_t family, ByteView content, PacketFilter& into) {
    std::string table, name, kind;
    std::uint32_t hook = 0xffffffff, policy = 0xffffffff;
    attributes(content, [&](std::uint16_t type, ByteView value) {
        if (type == chain_table) table = text(value);
        if (type == chain_name) name = text(value);
        if (type == chain_kind) kind = text(value);
        if (type == chain_policy) policy = big_endian(value);
        if (type == chain_hook)
            attributes(value, [&](std::uint16_t inner, ByteView number) {
                if (inner == hook_number) hook = big_endian(number);
            });
    });
    const bool is_ip = family == family_inet || family == family_ipv4 || family == family_ipv6;
    if (!is_ip || hook != hook_input || kind == "nat" || kind == "route" || into.at_input.size() > most_chains) return;
    into.at_input.insert(key(family, table, name));
    into.drops_by_policy = into.drops_by_policy || policy == policy_drop;
}

struct Verdict {
    bool drops = false;
    std::string goes_to;
};

// "immediate" with a verdict, "reject", or a target of iptables.
Verdict read_expression(ByteView expression) {
    std::string name;
    ByteView data;
    attributes(expression, [&](std::uint16_t type, ByteView value) {
        if (type == expression_name) name = text(value);
        if (type == expression_data) data = value;
    });
    Verdict out;
    if (name == "reject") out.drops = true;
    attributes(data, [&](std::uint16_t type, ByteView value) {
        if (name == "target" && type == target_name) out.drops = text(value) == "DROP" || text(value) == "REJECT";
        if (name != "immediate" || type != immediate_data) return;
        attributes(value, [&](std::uint16_t kind, ByteView verdict) {
            if (kind != data_verdict) return;
            attributes(verdict, [&](std::uint16_t part, ByteView content) {
                if (part == verdict_code) out.drops = big_endian(content) == policy_drop;
                if (part == verdict_chain) out.goes_to = text(content);
            });
        });
    });
    return out;
}

void read_rule(std::uint8_t family, ByteView content, PacketFilter& into) {
    std::string table, chain;
    ByteView expressions;
    attributes(content, [&](std::uint16_t type, ByteView value) {
        if (type == rule_table) table = text(value);
        if (type == rule_chain) chain = text(value);
        if (type == rule_expressions) expressions = value;
    });
    if (into.chains.size() > most_chains) return;
    auto& of = into.chains[key(family, table, chain)];
    attributes(expressions, [&](std::uint16_t, ByteView expression) {
        const auto verdict = read_expression(expression);
        of.drops = of.drops || verdict.drops;
        if (!verdict.goes_to.empty() && of.goes_to.size() < most_chains)
            of.goes_to.insert(key(family, table, verdict.goes_to));
    });
}

Bytes ask(std::uint16_t type, std::uint32_t sequence) {
    Bytes out(header + nfgen, 0);
    const auto put = [&](std::size_t offset, auto value) { std::memcpy(out.data() + offset, &value, sizeof value); };
    put(0, static_cast<std::uint32_t>(out.size()));
    put(4, type);
    put(6, request_dump);
    put(8, sequence);
    return out;  // of every family; version 0
}

}  // namespace

bool PacketFilter::keeps_out() const {
    if (drops_by_policy) return true;
    std::vector<std::string> ahead(at_input.begin(), at_input.end());
    std::set<std::string> seen(at_input);
    while (!ahead.empty()) {
        const auto found = chains.find(ahead.back());
        ahead.pop_back();
        if (found == chains.end()) continue;
        if (found->second.drops) return true;
        for (const auto& next : found->second.goes_to)
            if (seen.insert(next).second) ahead.push_back(next);
    }
    return false;
}

Bytes ask_chains(std::uint32_t sequence) { return ask(get_chain, sequence); }
Bytes ask_rules(std::uint32_t sequence) { return ask(get_rule, sequence); }

void read_nftables(ByteView messages, PacketFilter& into) {
    while (messages.size() >= header) {
        const std::size_t length = at<std::uint32_t>(messages, 0);
        if (length < header || length > messages.size()) return;
        const auto type = at<std::uint16_t>(messages, 4);
        const auto content = messages.subspan(header, length - header);
        if (type == message_done || type == message_error) into.is_done = true;
        if (type == message_error && at<std::int32_t>(content, 0) != 0) into.is_refused = true;
        if (content.size() >= nfgen) {
            if (type == new_chain) read_chain(content[0], content.subspan(nfgen), into);
            if (type == new_rule) read_rule(content[0], content.subspan(nfgen), into);
        }
        messages = messages.subspan(std::min((length + 3) & ~std::size_t{3}, messages.size()));
    }
}

}  // namespace vg::probes::inventory
