#include "rules/views.hpp"

#include <array>

namespace vg::rules {
namespace {

using wire::FactType;
using wire::SubjectKind;

constexpr auto columns = std::to_array<RegisterColumn>({
    {SubjectKind::unit, "name", FactType::text, "Tên đơn vị", "Name of the unit"},
    {SubjectKind::unit, "level", FactType::text, "Cấp: province, district, commune",
     "Level: province, district, commune"},
    {SubjectKind::unit, "kind", FactType::text, "Loại: tinh, xa, phuong, dac_khu", "Kind: tinh, xa, phuong, dac_khu"},
    {SubjectKind::unit, "parent", FactType::text, "Mã đơn vị cấp trên", "Code of the unit above"},
    {SubjectKind::unit, "sites", FactType::integer, "Số trụ sở của đơn vị", "Number of sites of the unit"},

    {SubjectKind::site, "name", FactType::text, "Tên trụ sở", "Name of the site"},
    {SubjectKind::site, "unit", FactType::text, "Mã đơn vị", "Code of the unit"},
    {SubjectKind::site, "unit_name", FactType::text, "Tên đơn vị", "Name of the unit"},
    {SubjectKind::site, "unit_level", FactType::text, "Cấp của đơn vị: province, district, commune",
     "Level of the unit: province, district, commune"},
    {SubjectKind::site, "unit_kind", FactType::text, "Loại đơn vị: tinh, xa, phuong, dac_khu",
     "Kind of the unit: tinh, xa, phuong, dac_khu"},
    {SubjectKind::site, "system_level", FactType::integer, "Cấp độ an toàn của hệ thống (1-5)",
     "Security level of the system (1-5)"},
    {SubjectKind::site, "head_count", FactType::integer, "Số cán bộ làm việc tại trụ sở", "People working at the site"},
    {SubjectKind::site, "expected_pcs", FactType::integer, "Số máy tính theo danh mục", "PCs in the inventory"},
    {SubjectKind::site, "expected_agents", FactType::integer, "Số trạm gác phải có", "Agents that should be there"},
    {SubjectKind::site, "has_fibre", FactType::boolean, "Đã đăng ký đường cáp quang", "A fibre line is registered"},
    {SubjectKind::site, "uplinks", FactType::integer, "Số đường truyền đã đăng ký", "Lines in the register"},

    {SubjectKind::uplink, "site", FactType::text, "Mã trụ sở", "Id of the site"},
    {SubjectKind::uplink, "unit", FactType::text, "Mã đơn vị", "Code of the unit"},
    {SubjectKind::uplink, "unit_level", FactType::text, "Cấp của đơn vị", "Level of the unit"},
    {SubjectKind::uplink, "name", FactType::text, "Tên đường truyền", "Name of the line"},
    {SubjectKind::uplink, "kind", FactType::text, "Loại: fibre, xdsl, 2g, 3g, 4g, 5g, satellite",
     "Kind: fibre, xdsl, 2g, 3g, 4g, 5g, satellite"},
    {SubjectKind::uplink, "primary_line", FactType::boolean, "Là đường chính", "It is the primary line"},
    {SubjectKind::uplink, "provider", FactType::text, "Nhà mạng", "Provider"},
    {SubjectKind::uplink, "contract", FactType::text, "Số hợp đồng", "Contract"},
    {SubjectKind::uplink, "subscribed_mbps", FactType::real, "Tốc độ đăng ký (Mbit/s)", "Subscribed speed (Mbit/s)"},

    {SubjectKind::service, "site", FactType::text, "Mã trụ sở", "Id of the site"},
    {SubjectKind::service, "unit", FactType::text, "Mã đơn vị", "Code of the unit"},
    {SubjectKind::service, "unit_level", FactType::text, "Cấp của đơn vị", "Level of the unit"},
    {SubjectKind::service, "service", FactType::text, "Mã dịch vụ", "Id of the service"},
    {SubjectKind::service, "name", FactType::text, "Tên dịch vụ", "Name of the service"},
    {SubjectKind::service, "kind", FactType::text, "Loại: document, one_stop, portal, conference, camera, flood_gauge",
     "Kind: document, one_stop, portal, conference, camera, flood_gauge"},

    {SubjectKind::agent, "site", FactType::text, "Mã trụ sở", "Id of the site"},
    {SubjectKind::agent, "unit", FactType::text, "Mã đơn vị", "Code of the unit"},
    {SubjectKind::agent, "unit_level", FactType::text, "Cấp của đơn vị", "Level of the unit"},
    {SubjectKind::agent, "host", FactType::text, "Tên máy", "Host name"},
    {SubjectKind::agent, "intranet_only", FactType::boolean, "Máy được duyệt chỉ dùng mạng nội bộ",
     "The machine is approved for the intranet only"},

    {SubjectKind::device, "site", FactType::text, "Mã trụ sở", "Id of the site"},
    {SubjectKind::device, "unit", FactType::text, "Mã đơn vị", "Code of the unit"},
    {SubjectKind::device, "unit_level", FactType::text, "Cấp của đơn vị", "Level of the unit"},
    {SubjectKind::device, "kind", FactType::text, "Loại: router, switch, pc, printer, camera",
     "Kind: router, switch, pc, printer, camera"},
    {SubjectKind::device, "registered_name", FactType::text, "Tên trong danh mục", "Name in the inventory"},
    {SubjectKind::device, "system_level", FactType::integer, "Cấp độ an toàn của hệ thống (1-5)",
     "Security level of the system (1-5)"},
    {SubjectKind::device, "registered_ip", FactType::text, "Địa chỉ IP tĩnh trong danh mục",
     "Static IP in the register"},
    {SubjectKind::device, "registered_mac", FactType::text, "Địa chỉ MAC trong danh mục", "MAC in the register"},
    {SubjectKind::device, "registered_serial", FactType::text, "Số sê-ri trong danh mục",
     "Serial number in the register"},
    {SubjectKind::device, "registered_location", FactType::text, "Nơi đặt theo danh mục", "Place by the register"},
    {SubjectKind::device, "model", FactType::text, "Kiểu thiết bị trong danh mục", "Model in the register"},
    {SubjectKind::device, "segment", FactType::text, "Vị trí trong mạng: phân đoạn", "Place in the network: segment"},
    {SubjectKind::device, "purpose", FactType::text, "Mục đích sử dụng", "Purpose"},
    {SubjectKind::device, "status", FactType::text, "Tình trạng: in_use, spare, repair, retired",
     "Status: in_use, spare, repair, retired"},
    {SubjectKind::device, "responsible", FactType::text, "Người chịu trách nhiệm", "Responsible person"},
    {SubjectKind::device, "support_end", FactType::text, "Ngày hãng hết hỗ trợ theo danh mục",
     "Vendor's end of support by the register"},
    {SubjectKind::device, "conformity", FactType::text, "Chứng nhận hợp quy (camera)",
     "Record of conformity (cameras)"},
});

std::vector<ViewColumn> build(SubjectKind subject) {
    std::vector<ViewColumn> out{{"id", FactType::text, "Mã", "Id", nullptr}};
    for (const auto& column : columns)
        if (column.subject == subject) out.push_back({column.name, column.type, column.vi, column.en, nullptr});
    for (const auto& row : wire::fact_table())
        if (row.subject == subject && !wire::is_list(row)) out.push_back({row.name, row.type, row.vi, row.en, &row});
    return out;
}

std::string_view type_name(FactType type) {
    switch (type) {
        case FactType::boolean: return "boolean";
        case FactType::integer: return "integer";
        case FactType::real: return "real";
        case FactType::text: return "text";
    }
    return "text";
}

std::string freshness(const ViewColumn& column) {
    if (column.fact == nullptr) return "register";
    auto producer = std::string(column.fact->producer);
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(column.fact->fresh).count();
    if (minutes == 0) return producer;
    return producer +
           (minutes % 60 == 0 ? ", " + std::to_string(minutes / 60) + " h" : ", " + std::to_string(minutes) + " min");
}

}  // namespace

std::span<const RegisterColumn> register_columns() { return columns; }

const RegisterColumn* find_register_column(SubjectKind subject, std::string_view name) {
    for (const auto& column : columns)
        if (column.subject == subject && column.name == name) return &column;
    return nullptr;
}

const std::vector<ViewColumn>& view(SubjectKind subject) {
    static const auto views = [] {
        std::array<std::vector<ViewColumn>, kind_count> out;
        for (const auto kind : all_kinds) out[static_cast<std::size_t>(kind)] = build(kind);
        return out;
    }();
    return views[static_cast<std::size_t>(subject)];
}

std::string views_markdown() {
    std::string out;
    for (const auto kind : all_kinds) {
        out += "### `" + std::string(wire::to_string(kind)) + "`\n\n| column | type | from, known for | vi | en |\n";
        out += "|---|---|---|---|---|\n";
        for (const auto& column : view(kind))
            out += "| `" + std::string(column.name) + "` | " + std::string(type_name(column.type)) + " | " +
                   freshness(column) + " | " + std::string(column.vi) + " | " + std::string(column.en) + " |\n";
        out += '\n';
    }
    return out;
}

}  // namespace vg::rules
