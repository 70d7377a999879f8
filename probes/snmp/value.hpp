#pragma once
// What an SNMP agent says, as plain data: object identifiers and typed values. Every reading is total: a value of
// another type than expected, broken text or an index that is cut short give nothing, never harm. Pure; any thread.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vg::probes::snmp {

using Oid = std::vector<std::uint32_t>;
inline const Oid private_enterprises{1, 3, 6, 1, 4, 1};  // SNMPv2-SMI (RFC 2578): a vendor's number follows

// monostate: noSuchObject, noSuchInstance, endOfMibView, or a type that we do not read.
using Value = std::variant<std::monostate, std::int64_t, std::uint64_t, std::string, Oid>;

struct Binding {
    Oid oid;
    Value value;
};

using Row = std::map<std::uint32_t, Value>;  // by column
using Rows = std::map<Oid, Row>;             // of a table, by index

[[nodiscard]] bool is_under(const Oid& oid, const Oid& base);  // strictly
[[nodiscard]] std::string to_text(const Oid& oid);             // "1.3.6.1"
[[nodiscard]] std::optional<Oid> parse_oid(std::string_view text);
[[nodiscard]] Oid operator+(const Oid& base, std::uint32_t part);

[[nodiscard]] const Value* cell(const Row& row, std::uint32_t column);
[[nodiscard]] std::optional<std::uint64_t> number(const Value* value);  // not negative; decimal text counts, too
[[nodiscard]] std::optional<std::int64_t> integer(const Value* value);
[[nodiscard]] const std::string* octets(const Value* value);
// For people: at most `most` bytes of UTF-8 without control characters, blanks at the ends taken away. Latin-1 is
// taken for what is no UTF-8. Of numbers and identifiers their usual writing.
[[nodiscard]] std::string text(const Value* value, std::size_t most = 255);

// "aa:bb:cc:dd:ee:ff" of six octets, or of the same written as text in one of its usual ways; else empty.
[[nodiscard]] std::string mac_text(const Value* value);
[[nodiscard]] std::string mac_text(std::span<const std::uint32_t> index);  // six parts of an index
[[nodiscard]] std::string ipv4_text(std::span<const std::uint32_t> index);
[[nodiscard]] std::string ipv6_text(std::span<const std::uint32_t> index);  // RFC 5952

}  // namespace vg::probes::snmp
