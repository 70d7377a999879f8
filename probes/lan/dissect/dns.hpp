#pragma once
// Messages in the form of DNS (RFC 1035): mDNS (RFC 6762), LLMNR (RFC 4795), and names as DHCP carries them. A name is
// read into a buffer of the caller; pointers may only lead backwards, so that reading ends. Total; pure; any thread.

#include "base/bytes.hpp"

#include <array>
#include <string_view>

namespace vg::probes::lan::dissect {

// A name as text, "label.label", without the root's dot. Dots inside a label stay as they are: split by first_label().
class NameBuffer {
public:
    void clear() { size_ = first_ = labels_ = 0; }
    [[nodiscard]] bool add(ByteView label);  // false: the name would grow past 255 bytes
    [[nodiscard]] std::string_view text() const { return {bytes_.data(), size_}; }
    [[nodiscard]] std::string_view first_label() const { return {bytes_.data(), first_}; }
    // All behind the first label.
    [[nodiscard]] std::string_view parent() const {
        return labels_ > 1 ? text().substr(first_ + 1u) : std::string_view();
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t labels() const { return labels_; }

private:
    std::array<char, 256> bytes_;
    std::uint16_t size_ = 0, first_ = 0, labels_ = 0;
};

// Reads the name at `at` and moves it behind. False: broken; the buffer holds what came before.
[[nodiscard]] bool read_name(ByteView message, std::size_t& at, NameBuffer& name);

enum class DnsSection : std::uint8_t { answer, authority, additional };
namespace dns_type {
constexpr std::uint16_t a = 1, ptr = 12, txt = 16, aaaa = 28, srv = 33;
}

struct DnsRecord {
    const NameBuffer* name = nullptr;
    DnsSection section{};
    std::uint16_t type = 0, class_code = 0;  // without mDNS' top bit
    std::uint32_t ttl = 0;
    ByteView data;
    std::size_t data_at = 0;  // where it lies in the message: names in it may point back
};

struct DnsHeader {
    bool is_response = false;
    std::uint8_t operation = 0, result = 0;
    std::uint16_t questions = 0, answers = 0, authorities = 0, additionals = 0;
};

// Walks over the records of a message, at most 256 of them.
class DnsReader {
public:
    explicit DnsReader(ByteView message);
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] const DnsHeader& header() const { return header_; }
    // The next record; false at the end or where the message is broken. The name lives until the next call.
    [[nodiscard]] bool next(DnsRecord& record);

private:
    void skip_questions();
    ByteView message_;
    DnsHeader header_;
    NameBuffer name_;
    std::size_t at_ = 12;
    unsigned read_ = 0, most_ = 0;
    bool ok_ = false;
};

}  // namespace vg::probes::lan::dissect
