#include "probes/dns/message.hpp"

#include "base/text.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>

namespace vg::probes::dns {
namespace {

constexpr std::size_t header_size = 12;
constexpr std::size_t longest_name = 253, longest_label = 63;
constexpr std::uint16_t class_in = 1;
constexpr std::size_t most_answers = 200;

struct TypeName {
    std::string_view name;
    Type type;
};
constexpr std::array type_names{TypeName{"a", Type::a},     TypeName{"ns", Type::ns},    TypeName{"cname", Type::cname},
                                TypeName{"soa", Type::soa}, TypeName{"ptr", Type::ptr},  TypeName{"mx", Type::mx},
                                TypeName{"txt", Type::txt}, TypeName{"aaaa", Type::aaaa}};

// Reads forwards and stays failed after the first step over the end.
class Cursor {
public:
    Cursor(ByteView message, std::size_t at) : message_(message), at_(at) {}
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] std::size_t at() const { return at_; }
    void move_to(std::size_t at) {
        if (at > message_.size()) ok_ = false;
        if (ok_) at_ = at;
    }
    std::uint8_t u8() { return need(1) ? message_[at_++] : std::uint8_t{0}; }
    std::uint16_t u16() {
        const auto high = u8();
        return static_cast<std::uint16_t>(high << 8 | u8());
    }
    std::uint32_t u32() {
        const std::uint32_t high = u16();
        return high << 16 | u16();
    }
    std::string text(std::size_t size) {
        if (!need(size)) return {};
        std::string out(text_of(message_.subspan(at_, size)));
        at_ += size;
        return out;
    }
    std::string name();

private:
    bool need(std::size_t size) {
        if (size > message_.size() - at_) ok_ = false;
        return ok_;
    }
    ByteView message_;
    std::size_t at_;
    bool ok_ = true;
};

// A compression pointer may only lead backwards from where the last one stood, so every name ends.
std::string Cursor::name() {
    std::string out;
    std::size_t behind = 0, limit = at_;
    bool has_jumped = false;
    for (;;) {
        const auto size = u8();
        if (!ok_) return {};
        if ((size & 0xc0) == 0xc0) {
            const std::size_t to = static_cast<std::size_t>(size & 0x3f) << 8 | u8();
            if (!has_jumped) behind = at_;
            has_jumped = true;
            if (!ok_ || to >= limit) break;
            limit = at_ = to;
            continue;
        }
        if (size == 0) {
            if (has_jumped) at_ = behind;
            return out;
        }
        const auto label = text(size);
        if (size > longest_label || !ok_ || out.size() + (out.empty() ? 0 : 1) + label.size() > longest_name) break;
        if (!out.empty()) out += '.';
        out += lower(label);
    }
    ok_ = false;
    return {};
}

std::string address_text(const std::string& bytes) {
    if (bytes.size() == 4) {
        boost::asio::ip::address_v4::bytes_type raw;
        std::copy(bytes.begin(), bytes.end(), raw.begin());
        return boost::asio::ip::address_v4(raw).to_string();
    }
    boost::asio::ip::address_v6::bytes_type raw;
    std::copy(bytes.begin(), bytes.end(), raw.begin());
    return boost::asio::ip::address_v6(raw).to_string();
}

std::string read_value(Cursor& in, std::uint16_t type, std::size_t size) {
    const auto end = in.at() + size;
    switch (static_cast<Type>(type)) {
        case Type::a: return size == 4 ? address_text(in.text(4)) : std::string();
        case Type::aaaa: return size == 16 ? address_text(in.text(16)) : std::string();
        case Type::ns:
        case Type::cname:
        case Type::soa:  // its first name, the primary server
        case Type::ptr: return in.name();
        case Type::mx: {
            const auto preference = std::to_string(in.u16());
            return preference + " " + in.name();
        }
        case Type::txt: {
            std::string out;
            while (in.ok() && in.at() < end) out += in.text(in.u8());
            return out;
        }
    }
    return {};
}

Record read_record(Cursor& in, std::size_t message_size) {
    Record record;
    record.name = in.name();
    record.type = in.u16();
    const auto record_class = in.u16();
    record.ttl = in.u32();
    const std::size_t size = in.u16();
    const auto end = in.at() + size;
    if (end <= message_size && record_class == class_in && in.ok()) record.value = read_value(in, record.type, size);
    in.move_to(end);
    return record;
}

}  // namespace

std::optional<Type> type_of(std::string_view name) {
    for (const auto& row : type_names)
        if (is_named(name, row.name)) return row.type;
    return {};
}

std::string normal_name(std::string_view name) {
    if (!name.empty() && name.back() == '.') name.remove_suffix(1);
    return lower(name);
}

Result<Bytes> write_question(std::uint16_t id, std::string_view name, Type type) {
    const auto text = normal_name(name);
    if (text.empty() || text.size() > longest_name)
        return fail(
            Errc::invalid_input,
            say({"tên miền dài từ 1 đến 253 ký tự: \"{}\"", "a DNS name has 1 to 253 characters: \"{}\""}, text));
    Bytes out;
    const auto put16 = [&out](unsigned value) {
        out.push_back(static_cast<std::uint8_t>(value >> 8));
        out.push_back(static_cast<std::uint8_t>(value));
    };
    put16(id);
    put16(0x0100);  // recursion desired
    put16(1);       // one question
    for (int i = 0; i < 3; ++i) put16(0);
    for (std::size_t at = 0; at <= text.size();) {
        const auto dot = std::min(text.find('.', at), text.size());
        const auto label = std::string_view(text).substr(at, dot - at);
        if (label.empty() || label.size() > longest_label)
            return fail(Errc::invalid_input, say({"mỗi phần của tên miền dài từ 1 đến 63 ký tự: \"{}\"",
                                                  "each part of a DNS name has 1 to 63 characters: \"{}\""},
                                                 text));
        out.push_back(static_cast<std::uint8_t>(label.size()));
        out.insert(out.end(), label.begin(), label.end());
        at = dot + 1;
    }
    out.push_back(0);
    put16(static_cast<unsigned>(type));
    put16(class_in);
    return out;
}

Result<Reply> read_reply(ByteView message) {
    const auto malformed = [] {
        return fail(Errc::invalid_input, say({"câu trả lời DNS sai dạng", "the DNS reply is malformed"}));
    };
    if (message.size() < header_size) return malformed();
    Cursor in(message, 0);
    Reply reply;
    reply.id = in.u16();
    const auto flags = in.u16();
    const auto questions = in.u16();
    const auto answers = in.u16();
    in.move_to(header_size);
    if ((flags & 0x8000) == 0 || questions != 1) return malformed();
    reply.rcode = flags & 0x0f;
    reply.is_truncated = (flags & 0x0200) != 0;
    reply.question = in.name();
    reply.question_type = in.u16();
    if (in.u16() != class_in || !in.ok()) return malformed();
    for (std::size_t i = 0; i < std::min<std::size_t>(answers, most_answers); ++i) {
        auto record = read_record(in, message.size());
        // A cut reply keeps its whole records; the rest comes by TCP.
        if (!in.ok()) return reply.is_truncated ? Result<Reply>(std::move(reply)) : Result<Reply>(malformed());
        reply.answers.push_back(std::move(record));
    }
    return reply;
}

std::vector<std::string> answers_for(const Reply& reply, std::string_view name, Type type) {
    auto owner = normal_name(name);
    std::vector<std::string> out;
    for (int aliases = 0; aliases < 16; ++aliases) {
        std::optional<std::string> alias;
        for (const auto& record : reply.answers) {
            if (record.name != owner || record.value.empty()) continue;
            if (record.type == static_cast<std::uint16_t>(type))
                out.push_back(record.value);
            else if (record.type == static_cast<std::uint16_t>(Type::cname))
                alias = record.value;
        }
        if (!out.empty() || !alias) break;
        owner = *alias;
    }
    return out;
}

}  // namespace vg::probes::dns
