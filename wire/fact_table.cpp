#include "wire/fact_table.hpp"

#include <array>

namespace vg::wire {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr auto rows = std::to_array<FactRow>({
    {SubjectKind::agent, "heard", FactType::boolean, Millis{0}, "collector", "Đang nghe thấy trạm gác",
     "The agent is being heard"},
    {SubjectKind::agent, "clock_offset_ms", FactType::integer, hours{24}, "collector", "Lệch đồng hồ máy (ms)",
     "Offset of the machine's clock (ms)"},
    {SubjectKind::agent, "clock_synchronised", FactType::boolean, minutes{15}, "host", "Đồng hồ đã đồng bộ",
     "The clock is synchronised"},
    {SubjectKind::agent, "boot_id", FactType::text, Millis{0}, "host", "Lần khởi động", "Boot"},
    {SubjectKind::agent, "uptime_s", FactType::integer, hours{2}, "host", "Thời gian chạy (giây)", "Uptime (s)"},
    {SubjectKind::agent, "internet", FactType::boolean, minutes{15}, "http", "Máy ra được Internet",
     "The machine reaches the Internet"},
    {SubjectKind::agent, "cpu_percent", FactType::real, minutes{15}, "host", "CPU bận (%)", "CPU busy (%)"},
    {SubjectKind::agent, "memory_percent", FactType::real, minutes{15}, "host", "Bộ nhớ đã dùng (%)",
     "Memory used (%)"},
    {SubjectKind::agent, "disk_percent_max", FactType::real, hours{1}, "host", "Ổ đĩa đầy nhất (%)",
     "Fullest disk (%)"},
    {SubjectKind::agent, "memory_mib", FactType::integer, hours{24}, "host", "Dung lượng bộ nhớ (MiB)", "Memory (MiB)"},
    {SubjectKind::agent, "processors", FactType::integer, hours{24}, "host", "Số bộ xử lý", "Processors"},
    {SubjectKind::agent, "os_name", FactType::text, hours{24}, "host", "Hệ điều hành", "Operating system"},
    {SubjectKind::agent, "kernel", FactType::text, hours{24}, "host", "Phiên bản nhân", "Kernel"},
    {SubjectKind::agent, "spool_bytes", FactType::integer, hours{1}, "collector", "Dữ liệu chờ gửi (byte)",
     "Waiting to be sent (bytes)"},
    {SubjectKind::site, "agents_enrolled", FactType::integer, Millis{0}, "collector", "Số trạm gác đã đăng ký",
     "Agents enrolled"},
    {SubjectKind::site, "agents_heard", FactType::integer, Millis{0}, "collector", "Số trạm gác đang nghe thấy",
     "Agents being heard"},
    {SubjectKind::site, "active_uplink", FactType::text, minutes{10}, "uplink", "Loại đường truyền đang dùng",
     "Kind of the active uplink"},
    {SubjectKind::site, "active_uplink_name", FactType::text, minutes{10}, "uplink", "Đường truyền đang dùng",
     "Name of the active uplink"},
    {SubjectKind::site, "internet", FactType::boolean, minutes{15}, "http", "Điểm ra được Internet",
     "The site reaches the Internet"},
    {SubjectKind::site, "hop_latency_ms", FactType::real, minutes{15}, "collector",
     "Độ trễ tới điểm đầu của nhà mạng (ms)", "Mean latency to the first hop (ms)"},
    {SubjectKind::site, "hop_loss_percent", FactType::real, minutes{15}, "collector",
     "Mất gói tới điểm đầu của nhà mạng (%)", "Loss to the first hop (%)"},
    {SubjectKind::site, "unknown_devices", FactType::integer, hours{24}, "collector", "Số thiết bị lạ",
     "Unknown devices"},
    {SubjectKind::uplink, "up", FactType::boolean, minutes{10}, "uplink", "Đường truyền hoạt động", "The line works"},
    {SubjectKind::uplink, "carrier", FactType::boolean, minutes{10}, "uplink", "Có tín hiệu trên cổng",
     "Carrier on the interface"},
    {SubjectKind::uplink, "availability_month_low", FactType::real, hours{24}, "collector",
     "Sẵn sàng trong tháng, mức thấp (%)", "Availability this month, lower bound (%)"},
    {SubjectKind::uplink, "availability_month_high", FactType::real, hours{24}, "collector",
     "Sẵn sàng trong tháng, mức cao (%)", "Availability this month, upper bound (%)"},
    {SubjectKind::service, "reachable", FactType::boolean, minutes{15}, "http", "Truy cập được dịch vụ",
     "The service is reachable"},
    {SubjectKind::service, "tcp_reachable", FactType::boolean, minutes{15}, "tcp", "Cổng TCP của dịch vụ mở",
     "The service's TCP port answers"},
    {SubjectKind::service, "dns_ok", FactType::boolean, minutes{15}, "dns", "Phân giải tên đúng",
     "The name resolves as expected"},
    {SubjectKind::service, "tls_days_left", FactType::integer, hours{24}, "http", "Số ngày còn lại của chứng thư",
     "Days left of the certificate"},
    {SubjectKind::service, "tls_trusted", FactType::boolean, hours{24}, "http", "Chứng thư được tin cậy",
     "The certificate chain is trusted"},
    {SubjectKind::service, "tls_problem", FactType::text, hours{24}, "http", "Vì sao chứng thư không được tin cậy",
     "Why the certificate is not trusted"},
    {SubjectKind::device, "registered", FactType::boolean, Millis{0}, "collector", "Có trong danh mục",
     "Known to the register"},
    {SubjectKind::device, "seen", FactType::boolean, hours{1}, "lan", "Nhìn thấy trên mạng", "Seen on the LAN"},
    {SubjectKind::device, "ip", FactType::text, hours{24}, "lan", "Địa chỉ IP", "IP address"},
    {SubjectKind::device, "mac", FactType::text, hours{24}, "lan", "Địa chỉ MAC", "MAC address"},
    {SubjectKind::device, "host_name", FactType::text, hours{24}, "lan", "Tên máy (DHCP)", "Host name (DHCP)"},
    {SubjectKind::device, "snmp_ok", FactType::boolean, minutes{15}, "snmp", "Trả lời SNMP", "Answers SNMP"},
    {SubjectKind::device, "name", FactType::text, hours{24}, "snmp", "Tên hệ thống", "System name"},
    {SubjectKind::device, "description", FactType::text, hours{24}, "snmp", "Mô tả hệ thống", "System description"},
    {SubjectKind::device, "object_id", FactType::text, hours{24}, "snmp", "Mã nhận dạng hệ thống", "System object id"},
    {SubjectKind::device, "location", FactType::text, hours{24}, "snmp", "Nơi đặt", "Location"},
    {SubjectKind::device, "device_uptime_s", FactType::integer, minutes{15}, "snmp", "Thời gian chạy (giây)",
     "Uptime (s)"},
    {SubjectKind::device, "interfaces_up", FactType::integer, minutes{15}, "snmp", "Số cổng đang hoạt động",
     "Interfaces up"},
    {SubjectKind::device, "interfaces_json", FactType::text, hours{1}, "snmp", "Danh sách cổng",
     "List of interfaces (JSON)"},
    {SubjectKind::unit, "internet", FactType::boolean, minutes{15}, "collector", "Đơn vị có Internet",
     "The unit has Internet by some site"},
    {SubjectKind::unit, "agents_heard", FactType::integer, Millis{0}, "collector", "Số trạm gác đang nghe thấy",
     "Agents being heard"},
    {SubjectKind::unit, "agents_enrolled", FactType::integer, Millis{0}, "collector", "Số trạm gác đã đăng ký",
     "Agents enrolled"},
});

}  // namespace

std::span<const FactRow> fact_table() { return rows; }

const FactRow* find_fact(SubjectKind subject, std::string_view name) {
    for (const auto& row : rows)
        if (row.subject == subject && row.name == name) return &row;
    return nullptr;
}

std::string_view to_string(SubjectKind kind) {
    switch (kind) {
        case SubjectKind::agent: return "agent";
        case SubjectKind::site: return "site";
        case SubjectKind::uplink: return "uplink";
        case SubjectKind::device: return "device";
        case SubjectKind::service: return "service";
        case SubjectKind::unit: return "unit";
    }
    return "agent";
}

}  // namespace vg::wire
