#include "probes/help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace vg::probes {
namespace {

struct Phrase {
    std::string_view en, vi;
};
constexpr auto phrases = std::to_array<Phrase>({
    // what an option takes
    {"duration", "khoảng thời gian"},
    {"text", "chữ"},
    {"list of text", "danh sách chữ"},
    {"text or list of texts", "chữ hoặc danh sách chữ"},
    {"regular expression (Perl)", "biểu thức chính quy (Perl)"},
    {"file (PEM)", "tệp (PEM)"},
    {"address or host, with or without :port", "địa chỉ hoặc tên máy, có thể kèm :cổng"},
    {"100..599 or a list", "100..599 hoặc danh sách"},
    {"list of { name, kind, interface, next_hop, primary }", "danh sách { name, kind, interface, next_hop, primary }"},
    // what it is when it is left out
    {"required", "bắt buộc"},
    {"the real ones", "mọi cổng thật"},
    {"every local disk", "mọi ổ đĩa của máy"},
    {"all", "tất cả"},
    // targets
    {"none", "không cần"},
    {"address or host name", "địa chỉ hoặc tên máy"},
    {"address, or address:port", "địa chỉ, hoặc địa chỉ:cổng"},
    {"host:port, 10.0.0.1:22, [2001:db8::1]:443", "máy:cổng, 10.0.0.1:22, [2001:db8::1]:443"},
    {"the name to ask for", "tên miền cần hỏi"},
    {"http or https URL", "địa chỉ trang http hoặc https"},
    {"a network interface, or a capture file", "một cổng mạng, hoặc một tệp bắt gói"},
    {"journal, a log file, or nothing: what this machine has",
     "journal, một tệp nhật ký, hoặc bỏ trống: nguồn mà máy này có"},
    {"a far address, as the collector's; none: only this machine's own routes are looked at",
     "một địa chỉ ở xa, như của trung tâm; bỏ trống: chỉ xem các tuyến của máy này"},
    {"port, or address:port to listen on; 10162 when left out", "cổng, hoặc địa chỉ:cổng để nghe; bỏ trống: 10162"},
});

constexpr auto units = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"1", ""},
    {"By", "B"},
    {"By/s", "B/s"},
    {"MiBy", "MiB"},
    {"Cel", "°C"},
});

std::string common_options(std::string_view timeout, Language language) {
    const Text text =
        say({"  --timeout THỜI_GIAN  [{}]\n        thời hạn của lần chạy: 250ms, 5s, 3m\n"
             "  --service MÃ\n        mã dịch vụ trong danh mục; khi có, kết quả kể cả trạng thái của dịch vụ\n"
             "  --json\n        in một đối tượng JSON\n"
             "  --en, --vi\n        tiếng Anh, tiếng Việt (mặc định)\n",
             "  --timeout DURATION  [{}]\n        the deadline of the run: 250ms, 5s, 3m\n"
             "  --service ID\n        a service of the register; its facts are told when this is set\n"
             "  --json\n        print one JSON object\n"
             "  --en, --vi\n        English, Vietnamese (the default)\n"},
            timeout);
    return text.in(language);
}

std::string duration_text(Millis time) {
    return time.count() % 1000 == 0 ? fmt::format("{}s", time.count() / 1000) : fmt::format("{}ms", time.count());
}

}  // namespace

std::string_view phrase_in(Language language, std::string_view english) {
    if (english == "-") return choose(language, "không có", "none");
    const auto row = std::find_if(phrases.begin(), phrases.end(), [&](const Phrase& p) { return p.en == english; });
    return language == Language::en || row == phrases.end() ? english : row->vi;
}

std::string_view unit_for_people(std::string_view unit) {
    for (const auto& [ucum, people] : units)
        if (ucum == unit) return people;
    return unit;
}

std::string probe_help(Language language) {
    std::string out(choose(language,
                           "Chạy một phép dò một lần.\n"
                           "Cách dùng: vonggac-agent probe PHÉP_DÒ [ĐÍCH] [--TÙY_CHỌN GIÁ_TRỊ ...] [--json] [--en]\n"
                           "Tùy chọn của từng phép dò: vonggac-agent probe PHÉP_DÒ --help\n\nCác phép dò:\n",
                           "Runs one probe once.\n"
                           "Usage: vonggac-agent probe NAME [TARGET] [--OPTION VALUE ...] [--json] [--en]\n"
                           "Options of each probe: vonggac-agent probe NAME --help --en\n\nProbes:\n"));
    for (const auto& kind : kinds()) out += fmt::format("  {:<10} {}\n", kind.name, choose(language, kind.vi, kind.en));
    const auto own = choose(language, "tùy phép dò", "the probe's own");
    return out + fmt::format("\n{}:\n", choose(language, "Tùy chọn chung", "Options of all")) +
           common_options(own, language);
}

std::string probe_help(const Kind& kind, Language language) {
    const auto target = phrase_in(language, kind.target_help.empty() ? "none" : kind.target_help);
    auto out = fmt::format("{}: {}\n", kind.name, choose(language, kind.vi, kind.en));
    out += fmt::format("{}: vonggac-agent probe {}{} [--{} ...]\n", choose(language, "Cách dùng", "Usage"), kind.name,
                       kind.target_help == "none" ? "" : choose(language, " ĐÍCH", " TARGET"),
                       choose(language, "TÙY_CHỌN GIÁ_TRỊ", "OPTION VALUE"));
    out += fmt::format("{}: {}\n\n{}:\n", choose(language, "Đích", "Target"), target,
                       choose(language, "Tùy chọn [giá trị khi bỏ trống]", "Options [the value when left out]"));
    for (const auto& option : kind.options)
        out += fmt::format("  --{} {}  [{}]\n        {}\n", option.key, phrase_in(language, option.form),
                           phrase_in(language, option.fallback), choose(language, option.vi, option.en));
    out += common_options(duration_text(kind.once_timeout), language);
    if (!kind.metrics.empty()) out += fmt::format("\n{}:\n", choose(language, "Đo", "It measures"));
    for (const auto& metric : kind.metrics) {
        const auto unit = unit_for_people(metric.unit);
        out += fmt::format("  {:<24} {}{}\n", metric.name, choose(language, metric.vi, metric.en),
                           unit.empty() ? "" : fmt::format(" ({})", unit));
    }
    return out;
}

}  // namespace vg::probes
