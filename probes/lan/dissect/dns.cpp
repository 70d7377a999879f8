#include "probes/lan/dissect/dns.hpp"

#include "probes/lan/dissect/cursor.hpp"

#include <algorithm>

namespace vg::probes::lan::dissect {
namespace {

constexpr unsigned most_records = 256;
constexpr std::uint16_t most_questions = 64;
constexpr std::size_t most_name = 255;

}  // namespace

bool NameBuffer::add(ByteView label) {
    const std::size_t dot = labels_ == 0 ? 0 : 1;
    if (size_ + dot + label.size() > most_name) return false;
    if (dot != 0) bytes_[size_++] = '.';
    std::memcpy(bytes_.data() + size_, label.data(), label.size());
    size_ = static_cast<std::uint16_t>(size_ + label.size());
    if (labels_++ == 0) first_ = size_;
    return true;
}

bool read_name(ByteView message, std::size_t& at, NameBuffer& name) {
    name.clear();
    std::size_t here = at, lowest = at;  // a pointer must lead below every place read before
    bool jumped = false;
    while (here < message.size()) {
        const std::size_t first = message[here];
        if (first == 0) {
            if (!jumped) at = here + 1;
            return true;
        }
        if ((first & 0xc0) == 0xc0) {
            if (here + 1 >= message.size()) return false;
            const std::size_t to = (first & 0x3f) << 8 | message[here + 1];
            if (!jumped) at = here + 2;
            jumped = true;
            if (to >= lowest) return false;
            here = lowest = to;
            continue;
        }
        if (first > 63 || first + 1 > message.size() - here) return false;
        if (!name.add(message.subspan(here + 1, first))) return false;
        here += first + 1;
    }
    return false;
}

DnsReader::DnsReader(ByteView message) : message_(message) {
    Cursor in(message);
    in.skip(2);
    const auto flags = in.u16();
    header_.is_response = (flags & 0x8000) != 0;
    header_.operation = static_cast<std::uint8_t>(flags >> 11 & 15);
    header_.result = static_cast<std::uint8_t>(flags & 15);
    header_.questions = in.u16();
    header_.answers = in.u16();
    header_.authorities = in.u16();
    header_.additionals = in.u16();
    ok_ = in.ok() && header_.questions <= most_questions;
    if (!ok_) return;
    most_ = std::min<unsigned>(most_records, header_.answers + header_.authorities + header_.additionals);
    if (most_ > 0) skip_questions();
}

void DnsReader::skip_questions() {
    for (unsigned n = 0; n < header_.questions && ok_; ++n) {
        ok_ = read_name(message_, at_, name_) && message_.size() - at_ >= 4;
        at_ += 4;
    }
}

bool DnsReader::next(DnsRecord& record) {
    if (!ok_ || read_ >= most_) return false;
    ok_ = read_name(message_, at_, name_);
    if (!ok_) return false;
    Cursor in(message_.subspan(at_));
    record.name = &name_;
    record.section = read_ < header_.answers                         ? DnsSection::answer
                     : read_ < header_.answers + header_.authorities ? DnsSection::authority
                                                                     : DnsSection::additional;
    record.type = in.u16();
    record.class_code = static_cast<std::uint16_t>(in.u16() & 0x7fff);
    record.ttl = in.u32();
    record.data = in.take(in.u16());
    ok_ = in.ok();
    if (!ok_) return false;
    record.data_at = at_ + 10;
    at_ += 10 + record.data.size();
    ++read_;
    return true;
}

}  // namespace vg::probes::lan::dissect
