// Any bytes as mDNS or LLMNR: names end, however their pointers lead.
#include "probes/lan/dissect/dns.hpp"
#include "tests/fuzz/lan_dissectors.hpp"

using namespace vg;
using namespace vg::probes::lan::dissect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, data + size);
    DnsReader in(bytes);
    DnsRecord record;
    std::size_t records = 0;
    while (in.next(record)) {
        fuzz::require(++records <= 256 && record.name->text().size() <= 255);
        fuzz::require_inside(bytes, record.data);
        NameBuffer name;
        auto at = record.data_at;
        if (read_name(bytes, at, name)) fuzz::require(at <= bytes.size() && name.first_label().size() <= name.size());
        fuzz::require(name.parent().size() <= name.size());
        fuzz::require_text(host_text(record.name->text()));
    }
    return 0;
}
