#include "collector/api/coded.hpp"

#include "base/clock.hpp"
#include "collector/api/call.hpp"
#include "collector/api/csv.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace vg::collector::api {
namespace {

namespace json = boost::json;

struct Coded {
    std::string_view column, code, vi, en;
};
// Those of different lists under one column's name do not clash.
constexpr auto codes = std::to_array<Coded>({
    {"severity", "info", "Thông tin", "Info"},
    {"severity", "low", "Thấp", "Low"},
    {"severity", "medium", "Vừa", "Medium"},
    {"severity", "high", "Cao", "High"},
    {"severity", "critical", "Nghiêm trọng", "Critical"},

    {"state", "pending", "Chờ xác nhận", "To be confirmed"},
    {"state", "open", "Đang mở", "Open"},
    {"state", "acknowledged", "Đã tiếp nhận", "Acknowledged"},
    {"state", "closed", "Đã đóng", "Closed"},
    {"state", "met", "Đạt", "Met"},
    {"state", "not_met", "Chưa đạt", "Not met"},
    {"state", "not_known", "Chưa rõ", "Not known"},
    {"state", "heard", "Nghe thấy", "Heard"},
    {"state", "never", "Chưa báo lần nào", "Never reported"},
    {"state", "revoked", "Đã thu hồi", "Revoked"},
    {"state", "seen", "Đang thấy", "Seen"},
    {"state", "missing", "Không thấy", "Missing"},
    {"state", "silent", "Im lặng", "Silent"},
    {"state", "not_seen", "Chưa thấy lần nào", "Not seen yet"},

    {"subject", "unit", "đơn vị", "unit"},
    {"subject", "site", "trụ sở", "site"},
    {"subject", "uplink", "đường truyền", "line"},
    {"subject", "service", "dịch vụ", "service"},
    {"subject", "agent", "trạm gác", "agent"},
    {"subject", "device", "thiết bị", "device"},

    {"kind", "pc", "Máy tính", "PC"},
    {"kind", "server", "Máy chủ", "Server"},
    {"kind", "router", "Bộ định tuyến", "Router"},
    {"kind", "switch", "Bộ chuyển mạch", "Switch"},
    {"kind", "ap", "Điểm phát Wi-Fi", "Wi-Fi access point"},
    {"kind", "printer", "Máy in", "Printer"},
    {"kind", "camera", "Camera", "Camera"},
    {"kind", "nvr", "Đầu ghi hình", "Video recorder"},
    {"kind", "ups", "Bộ lưu điện", "UPS"},
    {"kind", "phone", "Điện thoại", "Phone"},
    {"kind", "other", "Khác", "Other"},
    {"kind", "tinh", "Tỉnh", "Province"},
    {"kind", "thanh_pho", "Thành phố", "City"},
    {"kind", "huyen", "Huyện", "District"},
    {"kind", "quan", "Quận", "Urban district"},
    {"kind", "thi_xa", "Thị xã", "Town"},
    {"kind", "thi_tran", "Thị trấn", "Township"},
    {"kind", "xa", "Xã", "Commune"},
    {"kind", "phuong", "Phường", "Ward"},
    {"kind", "dac_khu", "Đặc khu", "Special zone"},
    {"kind", "login.failed", "Đăng nhập sai", "Failed login"},
    {"kind", "login.accepted", "Đăng nhập được", "Login"},
    {"kind", "lan.new_host", "Thiết bị mới trên mạng", "New device on the LAN"},
    {"kind", "uplink.changed", "Đổi đường truyền", "Line changed"},
    {"kind", "spool.lost", "Mất bản ghi chờ gửi", "Waiting records lost"},
    {"kind", "probe.failed", "Phép dò hỏng", "Probe failed"},
    {"kind", "probe.recovered", "Phép dò chạy lại", "Probe recovered"},
    {"kind", "agent.started", "Trạm gác khởi động", "Agent started"},
    {"kind", "agent.stopping", "Trạm gác dừng", "Agent stopped"},
    {"kind", "agent.assignment_refused", "Trạm gác không nhận bản phân công", "Assignment refused by the agent"},
    {"kind", "agent.key_in_use", "Hai máy dùng chung một khóa trạm gác", "Two machines use one agent's key"},
    {"kind", "clock.stepped", "Đồng hồ nhảy", "Clock stepped"},
    {"kind", "snmp.trap", "Thiết bị tự báo (SNMP trap)", "Notice from a device (SNMP trap)"},

    {"active_uplink", "fibre", "Cáp quang", "Fibre"},
    {"active_uplink", "satellite", "Vệ tinh", "Satellite"},
    {"active_uplink", "none", "Mất kết nối", "Outage"},
    {"active_uplink", "unknown", "Chưa rõ", "Kind not known"},

    {"level", "province", "Tỉnh", "Province"},
    {"level", "district", "Huyện", "District"},
    {"level", "commune", "Xã", "Commune"},

    {"family", "expectation", "yêu cầu", "expectation"},
    {"family", "detection", "dấu hiệu", "detection"},

    {"verdict", "present", "Có mặt", "Present"},
    {"verdict", "missing", "Không thấy", "Missing"},
    {"verdict", "not_known", "Chưa rõ", "Not known"},
    {"verdict", "unknown", "Ngoài danh mục", "Not in the register"},
    {"verdict", "moved", "Ở nơi khác", "Elsewhere"},

    {"triage", "adopted", "Đã ghi vào danh mục", "Entered into the register"},
    {"triage", "ignored", "Bỏ qua", "Ignored"},
    {"triage", "flagged", "Đánh dấu nghi ngờ", "Flagged"},

    {"known_by", "register", "Có trong danh mục", "In the register"},
    {"known_by", "agent", "Biết qua trạm gác", "Known by its agent"},

    {"source", "agent", "trạm gác", "agent"},
    {"source", "lan", "mạng nội bộ", "LAN"},
    {"source", "register", "danh mục", "register"},

    {"missing_fields", "name", "tên", "name"},
    {"missing_fields", "static_ip", "địa chỉ IP tĩnh", "static IP"},
    {"missing_fields", "serial", "MAC hoặc số sê-ri", "MAC or serial number"},
    {"missing_fields", "support_end", "ngày hết hỗ trợ", "support end"},
    {"missing_fields", "geographic_location", "nơi đặt", "place"},
    {"missing_fields", "network_location", "vị trí trong mạng", "place in the network"},
    {"missing_fields", "purpose", "mục đích", "purpose"},
    {"missing_fields", "status", "tình trạng", "status"},
    {"missing_fields", "responsible", "người chịu trách nhiệm", "responsible person"},

    {"profile", "fibre", "gửi ngay", "reports at once"},
    {"profile", "metered", "gửi gộp, tiết kiệm dữ liệu", "reports in batches, saves data"},

    {"role", "administrator", "quản trị", "administrator"},
    {"role", "operator", "trực tỉnh", "operator"},
    {"role", "officer", "cán bộ xã", "commune officer"},
    {"role", "auditor", "kiểm tra", "auditor"},
});

std::vector<Coded> codes_of(std::string_view column) {
    if (column == "subject.kind") column = "subject";
    std::vector<Coded> out;
    std::copy_if(codes.begin(), codes.end(), std::back_inserter(out),
                 [&](const Coded& row) { return row.column == column; });
    return out;
}

// "2026-11-22T04:05:06.789Z" as the clocks of the country show it: "2026-11-22 11:05:06+07:00".
std::optional<std::string> in_vietnam(std::string_view text) {
    if (text.size() != 24 || text[10] != 'T' || text.back() != 'Z') return std::nullopt;
    const auto time = parse_time(text);
    if (!time) return std::nullopt;
    auto local = to_iso(*time + std::chrono::hours(7)).substr(0, 19);
    local[10] = ' ';
    return local + "+07:00";
}

// One column of a table, its codes looked up once for all codes.
class CodedColumn {
public:
    CodedColumn(std::string_view column, Language language) : language_(language), codes_(codes_of(column)) {}

    void put(json::value& value) const {
        if (const auto* flag = value.if_bool())
            value = language_ == Language::vi ? (*flag ? "có" : "không") : (*flag ? "yes" : "no");
        else if (const auto* text = value.if_string()) {
            if (const auto local = in_vietnam(*text))
                value = json::string(*local);
            else if (!codes_.empty())
                value = json::string(of(*text));
        } else if (const auto* list = value.if_array())
            value = json::string(joined(*list));
    }

private:
    [[nodiscard]] std::string_view of(std::string_view code) const {
        const auto row = std::find_if(codes_.begin(), codes_.end(), [&](const Coded& one) { return one.code == code; });
        return row == codes_.end() ? code : language_ == Language::vi ? row->vi : row->en;
    }
    [[nodiscard]] std::string joined(const json::array& list) const {
        std::string out;
        for (const auto& one : list) {
            const auto* text = one.if_string();
            (out += out.empty() ? "" : ", ") += text != nullptr ? std::string(of(*text)) : json::serialize(one);
        }
        return out;
    }

    Language language_;
    std::vector<Coded> codes_;
};

}  // namespace

std::optional<Text> words_for(std::string_view column, std::string_view code) {
    for (const auto& row : codes_of(column))
        if (row.code == code) return Text{std::string(row.vi), std::string(row.en)};
    return std::nullopt;
}

void put_in_words(json::array& items, std::span<const std::string_view> columns, Language language) {
    for (const auto column : columns) {
        const CodedColumn words(column, language);
        for (auto& item : items)
            if (auto* object = item.if_object())
                if (auto* value = field_at(*object, column)) {
                    // What is told in sentences stands twice: "evidence", and "evidence_en".
                    const auto* said =
                        language == Language::en ? object->if_contains(std::string(column) + "_en") : nullptr;
                    if (said != nullptr) *value = json::value(*said);
                    words.put(*value);
                }
    }
}

}  // namespace vg::collector::api
