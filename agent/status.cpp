#include "agent/byte_budget.hpp"
#include "agent/commands.hpp"
#include "agent/config.hpp"
#include "agent/identity.hpp"
#include "agent/platform/files.hpp"
#include "agent/spool.hpp"

#include <charconv>
#include <cstdio>
#include <optional>

namespace vg::agent {
namespace {

struct Status {
    std::optional<bool> running;  // nothing: this user may not know
    std::string agent_id, certificate_until, session, last_ack;
    std::uint64_t waiting_batches = 0, waiting_bytes = 0, bytes_today = 0, lost_ranges = 0, next_seq = 0;
};

std::string time_of_note(const std::string& text) {
    std::int64_t ms = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), ms).ec != std::errc{}) return {};
    return to_iso(Time{Millis{ms}});
}

Result<Status> look(const std::string& state_dir) {
    Status status;
    // Who runs holds the folder.
    if (const auto held = platform::DirectoryLock::is_held(state_dir); held.has_value()) status.running = *held;
    auto identity = load_identity(state_dir);
    if (identity.has_error()) return identity.error();
    status.agent_id = identity->agent_id;
    status.certificate_until = to_iso(identity->not_after);
    const auto glance = glance_at_spool(state_dir + "/spool.db");
    if (glance.has_error()) return status;  // enrolled, never ran
    const auto total = glance->use.total();
    status.waiting_batches = total.batches;
    status.waiting_bytes = total.bytes;
    status.lost_ranges = glance->lost_ranges;
    status.next_seq = glance->next_seq;
    for (const auto& [key, value] : glance->notes) {
        if (key == "session") status.session = value;
        if (key == "last_ack") status.last_ack = time_of_note(value);
        if (key == "bytes_today") {
            ByteCount count;
            count.restore(value);
            status.bytes_today = count.today(system_clock().wall());
        }
    }
    return status;
}

std::string json_text(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        char escaped[8];
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
            out += escaped;
        } else {
            out += c;
        }
    }
    return out + '"';
}

void print_json(const Status& s) {
    std::printf(
        "{\"agent\":%s,\"running\":%s,\"certificate_until\":%s,\"session\":%s,\"last_ack\":%s,\"waiting_batches\":%llu,"
        "\"waiting_bytes\":%llu,\"bytes_today\":%llu,\"lost_ranges\":%llu,\"next_seq\":%llu}\n",
        json_text(s.agent_id).c_str(),
        !s.running   ? "null"
        : *s.running ? "true"
                     : "false",
        json_text(s.certificate_until).c_str(), json_text(s.session).c_str(), json_text(s.last_ack).c_str(),
        static_cast<unsigned long long>(s.waiting_batches), static_cast<unsigned long long>(s.waiting_bytes),
        static_cast<unsigned long long>(s.bytes_today), static_cast<unsigned long long>(s.lost_ranges),
        static_cast<unsigned long long>(s.next_seq));
}

void print_text(const Status& s) {
    const auto row = [](const char* vi, const char* en, const std::string& value) {
        std::printf("%s / %s: %s\n", vi, en, value.empty() ? "–" : value.c_str());
    };
    row("Mã trạm gác", "Agent", s.agent_id);
    row("Trạng thái", "State",
        !s.running   ? "chưa rõ (cần quyền của dịch vụ) / not known (needs the service's rights)"
        : *s.running ? "đang chạy / running"
                     : "KHÔNG chạy / NOT running");
    row("Chứng thư có hạn đến", "Certificate until", s.certificate_until);
    row("Trung tâm xác nhận lần cuối", "Last acknowledged", s.last_ack);
    row("Kết nối lần trước kết thúc vì", "The last connection ended with", s.session);
    row("Đang chờ gửi", "Waiting to be sent",
        std::to_string(s.waiting_batches) + " (" + std::to_string(s.waiting_bytes) + " B)");
    row("Dữ liệu đã dùng hôm nay", "Bytes today", std::to_string(s.bytes_today));
    row("Số khoảng bị mất chưa báo xong", "Losses not yet reported", std::to_string(s.lost_ranges));
}

}  // namespace

int status_command(const CommonOptions& common, std::string state_dir, bool json) {
    if (state_dir.empty()) {
        Problems problems;
        const auto config = load_config(common.config_file, problems);
        if (!problems.empty()) {
            std::fputs(problems.text().c_str(), stderr);
            return 2;
        }
        state_dir = config.state_dir;
    }
    const auto status = look(state_dir);
    if (status.has_error()) {
        const auto& error = status.error();
        const auto words = error.code == Errc::not_found
                               ? say({"trạm gác này chưa đăng ký; hãy chạy: vonggac-agent enrol --token MÃ",
                                      "this agent is not enrolled yet; run: vonggac-agent enrol --token TOKEN"})
                               : told(error);
        std::fprintf(stderr, "%s\n", in_both(words).c_str());
        return 1;
    }
    json ? print_json(*status) : print_text(*status);
    return 0;
}

}  // namespace vg::agent
