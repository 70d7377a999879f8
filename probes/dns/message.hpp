#pragma once
// DNS messages (RFC 1035, RFC 3596): a question written, a reply read. The reader is total: whatever bytes come, it
// gives a reply or an Error, in time linear in their number. Pure; any thread.

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vg::probes::dns {

enum class Type : std::uint16_t { a = 1, ns = 2, cname = 5, soa = 6, ptr = 12, mx = 15, txt = 16, aaaa = 28 };
[[nodiscard]] std::optional<Type> type_of(std::string_view name);  // "A", "aaaa", ...

// Response codes (RFC 1035 §4.1.1, low 4 bits).
constexpr std::uint8_t rcode_ok = 0, rcode_server_failure = 2, rcode_no_such_name = 3, rcode_refused = 5;

struct Record {
    std::string name;  // lower case, without the final dot
    std::uint16_t type = 0;
    std::uint32_t ttl = 0;
    // As people write it: an address, a name, "10 mail.example", the text. Empty for types we do not know.
    std::string value;
};

struct Reply {
    std::uint16_t id = 0;
    std::uint8_t rcode = 0;
    bool is_truncated = false;
    std::string question;  // lower case
    std::uint16_t question_type = 0;
    std::vector<Record> answers;
};

// A recursive question for class IN; a name that DNS cannot carry is Errc::invalid_input.
[[nodiscard]] Result<Bytes> write_question(std::uint16_t id, std::string_view name, Type type);
[[nodiscard]] Result<Reply> read_reply(ByteView message);

// The answers of the type for the name, through its aliases (CNAME).
[[nodiscard]] std::vector<std::string> answers_for(const Reply& reply, std::string_view name, Type type);

// Lower case and without the final dot: how names are compared.
[[nodiscard]] std::string normal_name(std::string_view name);

}  // namespace vg::probes::dns
