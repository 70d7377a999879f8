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

    // The machine itself, as an agent on it reads it.
    {SubjectKind::device, "machine_id", FactType::text, Millis{0}, "inventory", "Mã cài đặt hệ điều hành",
     "Id of the installed system"},
    {SubjectKind::device, "computer_name", FactType::text, hours{48}, "inventory", "Tên máy tính", "Computer name"},
    {SubjectKind::device, "board_vendor", FactType::text, hours{48}, "inventory", "Hãng máy", "Maker of the machine"},
    {SubjectKind::device, "board_model", FactType::text, hours{48}, "inventory", "Kiểu máy", "Model of the machine"},
    {SubjectKind::device, "board_serial", FactType::text, hours{48}, "inventory", "Số sê-ri máy",
     "Serial number of the machine"},
    {SubjectKind::device, "chassis", FactType::text, hours{48}, "inventory",
     "Dạng máy: desktop, laptop, server, virtual", "Form: desktop, laptop, server, virtual"},
    {SubjectKind::device, "bios_version", FactType::text, hours{48}, "inventory", "Phiên bản BIOS", "BIOS version"},
    {SubjectKind::device, "bios_date", FactType::text, hours{48}, "inventory", "Ngày của BIOS", "BIOS date"},
    {SubjectKind::device, "cpu_model", FactType::text, hours{48}, "inventory", "Bộ xử lý", "Processor"},
    {SubjectKind::device, "memory_mib", FactType::integer, hours{48}, "inventory", "Bộ nhớ (MiB)", "Memory (MiB)"},
    {SubjectKind::device, "os_id", FactType::text, hours{48}, "inventory", "Mã hệ điều hành: debian, windows-10 ...",
     "Id of the operating system: debian, windows-10 ..."},
    {SubjectKind::device, "os_version", FactType::text, hours{48}, "inventory", "Phiên bản hệ điều hành",
     "Version of the operating system"},
    {SubjectKind::device, "os_name", FactType::text, hours{48}, "inventory", "Hệ điều hành", "Operating system"},
    {SubjectKind::device, "last_update", FactType::text, hours{48}, "inventory", "Ngày cập nhật gần nhất",
     "Day of the last update"},
    {SubjectKind::device, "last_update_days", FactType::integer, hours{48}, "inventory",
     "Số ngày từ lần cập nhật gần nhất", "Days since the last update"},
    {SubjectKind::device, "firewall_on", FactType::boolean, hours{1}, "inventory", "Tường lửa đang bật",
     "The firewall is on"},
    {SubjectKind::device, "antimalware", FactType::text, hours{1}, "inventory",
     "Phần mềm chống mã độc (rỗng: không có)", "Anti-malware product (empty: none)"},
    {SubjectKind::device, "antimalware_realtime", FactType::boolean, hours{1}, "inventory",
     "Bảo vệ thời gian thực đang bật", "Real-time protection is on"},
    {SubjectKind::device, "definitions_days", FactType::integer, hours{48}, "inventory",
     "Tuổi của mẫu nhận dạng mã độc (ngày)", "Age of the malware definitions (days)"},
    {SubjectKind::device, "autorun_on", FactType::boolean, hours{48}, "inventory", "Tự chạy từ thiết bị lưu trữ rời",
     "Removable media start by themselves"},
    {SubjectKind::device, "screen_lock_minutes", FactType::integer, hours{48}, "inventory",
     "Khóa màn hình sau (phút; 0: không bao giờ)", "Screen locks after (minutes; 0: never)"},
    {SubjectKind::device, "lockout_failures", FactType::integer, hours{48}, "inventory",
     "Khóa tài khoản sau số lần sai (0: không khóa)", "Account locks after this many failures (0: never)"},
    {SubjectKind::device, "accounts", FactType::integer, hours{48}, "inventory", "Số tài khoản đang bật",
     "Enabled accounts"},
    {SubjectKind::device, "administrators", FactType::integer, hours{48}, "inventory", "Số quản trị viên",
     "Administrators"},
    {SubjectKind::device, "idle_accounts", FactType::integer, hours{48}, "inventory",
     "Số tài khoản không dùng quá 45 ngày", "Enabled accounts idle for over 45 days"},
    {SubjectKind::device, "disks_failing", FactType::integer, hours{48}, "inventory", "Số ổ đĩa báo sắp hỏng",
     "Disks that report failing"},

    // What SNMP tells beyond its name.
    {SubjectKind::device, "engine_id", FactType::text, hours{24}, "snmp", "Mã SNMP engine", "SNMP engine id"},
    {SubjectKind::device, "enterprise", FactType::integer, hours{24}, "snmp", "Số doanh nghiệp (IANA)",
     "Enterprise number (IANA)"},
    {SubjectKind::device, "vendor", FactType::text, hours{24}, "snmp", "Hãng", "Vendor"},
    {SubjectKind::device, "hardware", FactType::text, hours{24}, "snmp", "Kiểu phần cứng", "Hardware"},
    {SubjectKind::device, "version", FactType::text, hours{24}, "snmp", "Phiên bản phần mềm", "Software version"},
    {SubjectKind::device, "serial", FactType::text, hours{24}, "snmp", "Số sê-ri", "Serial number"},
    {SubjectKind::device, "snmp_public", FactType::boolean, hours{24}, "snmp", "Trả lời SNMP v1/v2c với chuỗi mặc định",
     "Answers SNMP v1/v2c with a default community"},
    {SubjectKind::device, "ups_on_battery", FactType::boolean, minutes{15}, "snmp", "UPS đang chạy bằng ắc quy",
     "The UPS runs on battery"},
    {SubjectKind::device, "ups_charge_percent", FactType::integer, minutes{15}, "snmp", "Mức ắc quy UPS (%)",
     "Charge of the UPS (%)"},
    {SubjectKind::device, "supply_lowest_percent", FactType::integer, hours{24}, "snmp", "Mực thấp nhất (%)",
     "Lowest supply (%)"},

    // What a host on the LAN lets hear.
    {SubjectKind::device, "mac_vendor", FactType::text, hours{24}, "lan", "Hãng theo địa chỉ MAC",
     "Vendor of the MAC address"},
    {SubjectKind::device, "mac_local", FactType::boolean, hours{24}, "lan", "Địa chỉ MAC tự đặt",
     "The MAC address is locally administered"},
    {SubjectKind::device, "client_id", FactType::text, hours{24}, "lan", "Mã máy khách DHCP", "DHCP client id"},
    {SubjectKind::device, "dhcp_fingerprint", FactType::text, hours{24}, "lan", "Dấu vân DHCP (tùy chọn 55)",
     "DHCP fingerprint (option 55)"},
    {SubjectKind::device, "dhcp_class", FactType::text, hours{24}, "lan", "Lớp nhà sản xuất DHCP", "DHCP vendor class"},
    {SubjectKind::device, "announced_name", FactType::text, hours{24}, "lan", "Tên tự xưng (mDNS, LLMNR, NBNS)",
     "Announced name (mDNS, LLMNR, NBNS)"},
    {SubjectKind::device, "platform", FactType::text, hours{24}, "lan", "Nền tảng tự xưng (LLDP, CDP, SSDP)",
     "Announced platform (LLDP, CDP, SSDP)"},
    {SubjectKind::device, "vlan", FactType::integer, hours{24}, "lan", "VLAN", "VLAN"},

    // Lists: one fact an entry, named by list and entry.
    {SubjectKind::device, "software/", FactType::text, Millis{0}, "inventory", "Phần mềm đã cài", "Installed software"},
    {SubjectKind::device, "service/", FactType::text, Millis{0}, "inventory", "Dịch vụ", "Services"},
    {SubjectKind::device, "port/", FactType::text, Millis{0}, "inventory", "Cổng đang lắng nghe", "Listening ports"},
    {SubjectKind::device, "account/", FactType::text, Millis{0}, "inventory", "Tài khoản trên máy", "Local accounts"},
    {SubjectKind::device, "disk/", FactType::text, Millis{0}, "inventory", "Ổ đĩa", "Disks"},
    {SubjectKind::device, "memory/", FactType::text, Millis{0}, "inventory", "Thanh nhớ", "Memory modules"},
    {SubjectKind::device, "usb/", FactType::text, Millis{0}, "inventory", "Thiết bị USB", "USB devices"},
    {SubjectKind::device, "adapter/", FactType::text, Millis{0}, "inventory", "Cổng mạng của máy",
     "Network adapters of the machine"},
    {SubjectKind::device, "interface/", FactType::text, Millis{0}, "snmp", "Cổng", "Interfaces"},
    {SubjectKind::device, "address/", FactType::text, Millis{0}, "snmp", "Địa chỉ IP của thiết bị",
     "IP addresses of the device"},
    {SubjectKind::device, "neighbour/", FactType::text, Millis{0}, "snmp", "Thiết bị kề (LLDP, CDP)",
     "Neighbours (LLDP, CDP)"},
    {SubjectKind::device, "fdb/", FactType::text, Millis{0}, "snmp", "Bảng chuyển mạch", "Forwarding table"},
    {SubjectKind::device, "arp/", FactType::text, Millis{0}, "snmp", "Bảng ARP", "ARP table"},
    {SubjectKind::device, "part/", FactType::text, Millis{0}, "snmp", "Thành phần (ENTITY-MIB)", "Parts (ENTITY-MIB)"},
    {SubjectKind::device, "supply/", FactType::text, Millis{0}, "snmp", "Vật tư máy in", "Printer supplies"},
    {SubjectKind::device, "heard/", FactType::text, Millis{0}, "lan", "Thiết bị kề nghe được (LLDP, CDP, STP)",
     "Neighbours heard (LLDP, CDP, STP)"},
    {SubjectKind::device, "announces/", FactType::text, Millis{0}, "lan", "Dịch vụ tự xưng (mDNS, SSDP)",
     "Announced services (mDNS, SSDP)"},

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
    const auto slash = name.find('/');
    if (slash != std::string_view::npos && slash + 1 < name.size())
        name = name.substr(0, slash + 1);
    else if (slash != std::string_view::npos)
        return nullptr;  // a list without an entry is no fact
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
