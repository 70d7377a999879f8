#include "probes/icmp.hpp"

namespace vg::probes {

Kind icmp_kind() {
    Kind kind;
    kind.name = "icmp";
    kind.vi = "Gửi gói ICMP echo: mất gói, thời gian khứ hồi, biến thiên trễ";
    kind.en = "ICMP echo rounds: loss, round-trip time, jitter";
    kind.target_help = "address or host name";
    kind.options = {
        {"count", "1..1000", "10", "số gói mỗi lượt", "echoes in a round"},
        {"interval", "duration", "100ms", "khoảng cách giữa hai gói", "time between two echoes"},
        {"size", "8..1400", "16", "số byte dữ liệu trong mỗi gói", "bytes of data in each echo"},
        {"family", "any|4|6", "any", "chọn IPv4 hay IPv6 khi đích là tên máy",
         "which family when the target is a name"},
    };
    return kind;
}

}  // namespace vg::probes
