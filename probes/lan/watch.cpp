#include "probes/lan/watch.hpp"

#include "probes/lan/device_json.hpp"
#include "probes/lan/device_table.hpp"
#include "probes/lan/frame_source.hpp"
#include "probes/lan/mac_vendor.hpp"
#include "probes/lan/watch_table.hpp"
#include "probes/platform/confine.hpp"

#include <algorithm>
#include <optional>
#include <ostream>

namespace vg::probes {
namespace {

using namespace lan;

struct Request {
    std::vector<std::string> files;
    std::string interface;
    bool as_json = false;
    Language language = Language::vi;
};

// Nothing goes with what is wrong, where one word can be named.
std::optional<Request> parse(std::span<const std::string> words, Text& mistake) {
    Request request;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (word == "--json")
            request.as_json = true;
        else if (word == "--en" || word == "--vi")
            request.language = word == "--en" ? Language::en : Language::vi;
        else if (word == "--read" && i + 1 < words.size() && !words[i + 1].starts_with("--"))
            request.files.push_back(words[++i]);
        else if (word.starts_with("--read=") && word.size() > 7)
            request.files.push_back(word.substr(7));
        else if (word == "--read" || word == "--read=")
            mistake = say({"--read thiếu tên tệp đi sau", "--read needs the name of a file after it"});
        else if (word.starts_with("-"))
            mistake = say({"không có tùy chọn '{}'", "there is no option '{}'"}, word);
        else if (request.interface.empty())
            request.interface = word;
        else
            mistake = say({"chỉ xem một cổng mạng; thừa '{}'", "one interface only; '{}' is too much"}, word);
        if (!mistake.en.empty()) return std::nullopt;
    }
    if (!request.files.empty() && !request.interface.empty())
        mistake =
            say({"hoặc cổng mạng '{}', hoặc --read; không cùng lúc", "either the interface '{}' or --read, not both"},
                request.interface);
    return request.files.empty() != request.interface.empty() ? std::optional(std::move(request)) : std::nullopt;
}

// Of a file everything is kept: nobody is waiting, and the machine is the reader's own.
TableLimits file_limits() {
    TableLimits limits{1 << 16, 64, 64, 128, 64, 64};
    limits.counts_plain_frames = true;
    return limits;
}

bool read_file(const std::string& path, const Request& request, std::ostream& out, std::ostream& errors) {
    if (request.as_json && request.files.size() > 1) out << file_line(path) << '\n';
    auto source = open_capture_file(path);
    if (!source) {
        errors << told(source.error()).in(request.language) << '\n';
        return false;
    }
    DeviceTable table(file_limits());
    Time now{};
    std::uint64_t frames = 0;
    if (request.as_json)
        table.on_lease = [&](const Device& device, const Lease& lease) {
            out << lease_line(device, lease, now) << '\n';
        };
    const int type = (*source)->link_type();
    const FrameSource::OnFrame on_frame = [&](Time at, ByteView bytes) {
        ++frames;
        table.set_time(now = at);
        dissect::dissect(type, bytes, table);
    };
    Reading reading{};
    do reading = (*source)->read(-1, on_frame);
    while (reading == Reading::more);
    if (reading == Reading::failed)
        errors << say({"{} bị cắt ngang hoặc hỏng sau gói {}: {}", "{} breaks off or is damaged behind packet {}: {}"},
                      path, frames, (*source)->problem())
                      .in(request.language)
               << '\n';
    table.settle();
    if (!request.as_json)
        print_table(table.devices(), frames, request.language, out);
    else
        for (auto device = table.devices().rbegin(); device != table.devices().rend(); ++device)
            out << device_line(*device) << '\n';
    return true;
}

// Tells each device when it is new and when more is known of it.
class LivePrinter {
public:
    LivePrinter(const Request& request, std::ostream& out) : request_(request), out_(out) {
        table_.on_lease = [this](const Device& device, const Lease& lease) {
            if (request_.as_json) out_ << lease_line(device, lease, now_) << std::endl;
        };
    }
    void hear(int type, Time at, ByteView bytes) {
        table_.set_time(now_ = at);
        dissect::dissect(type, bytes, table_);
    }
    void tell() {
        for (const auto* device : table_.take_touched()) {
            const auto hash = std::hash<std::string>{}(steady_line(*device));
            if (told_.size() > 2 * TableLimits{}.devices) told_.clear();  // then some are told twice
            const auto [known, is_new] = told_.try_emplace(device->mac.value, 0);
            if (known->second == hash) continue;
            known->second = hash;
            if (!request_.as_json) {
                print_news(*device, is_new, now_, request_.language, out_);
                continue;
            }
            if (is_new) out_ << new_host_line(*device, now_) << '\n';
            out_ << device_line(*device) << std::endl;
        }
    }

private:
    const Request& request_;
    std::ostream& out_;
    DeviceTable table_;
    Time now_{};
    std::unordered_map<std::uint64_t, std::size_t> told_;
};

bool watch_live(const Request& request, std::ostream& out, std::ostream& errors) {
    auto source = open_interface(request.interface);
    if (!source) {
        errors << told(source.error()).in(request.language) << '\n';
        return false;
    }
    (void)vendor_list();  // a file, which cannot be opened later
    if (auto confined = platform::confine_this_thread(); !confined) {
        errors << told(confined.error()).in(request.language) << '\n';
        return false;
    }
    LivePrinter printer(request, out);
    const int type = (*source)->link_type();
    const FrameSource::OnFrame on_frame = [&](Time at, ByteView bytes) { printer.hear(type, at, bytes); };
    while ((*source)->wait(std::chrono::minutes(1)) != Waiting::interrupted && out) {
        if ((*source)->read(256, on_frame) == Reading::failed) {
            errors
                << say({"việc bắt gói đã dừng: {}", "the capture ended: {}"}, (*source)->problem()).in(request.language)
                << '\n';
            return false;
        }
        printer.tell();
    }
    return true;
}

Text help() {
    return say(
        {"Ai đang ở trên mạng nội bộ: nghe một cổng mạng, hoặc đọc các tệp bắt gói.\n"
         "Cách dùng: vonggac-agent watch CỔNG_MẠNG | --read TỆP [--read TỆP ...] [--json] [--en]\n\n"
         "  --read TỆP\n        tệp pcap hoặc pcapng, nén bằng gzip cũng được; có thể ghi nhiều lần\n"
         "  --json\n        mỗi dòng một đối tượng JSON, cho chương trình khác\n"
         "  --en, --vi\n        tiếng Anh, tiếng Việt (mặc định)\n",
         "Who is on the LAN: listens on an interface, or reads capture files.\n"
         "Usage: vonggac-agent watch INTERFACE | --read FILE [--read FILE ...] [--json] [--en]\n\n"
         "  --read FILE\n        a pcap or pcapng file, packed by gzip, too; may be given several times\n"
         "  --json\n        one JSON object a line, for programs\n"
         "  --en, --vi\n        English, Vietnamese (the default)\n"});
}

}  // namespace

int watch_command(std::span<const std::string> words, std::ostream& out, std::ostream& errors) {
    if (std::any_of(words.begin(), words.end(), [](const auto& word) { return word == "--help" || word == "-h"; })) {
        const bool is_english = std::find(words.begin(), words.end(), "--en") != words.end();
        out << help().in(is_english ? Language::en : Language::vi);
        return 0;
    }
    Text mistake;
    const auto request = parse(words, mistake);
    if (!request) {
        if (!mistake.en.empty()) errors << "vonggac-agent watch: " << in_both(mistake) << '\n';
        errors << "Cách dùng: vonggac-agent watch CỔNG_MẠNG | --read TỆP.pcap [--read ...]  [--json] [--en]\n"
                  "Usage: vonggac-agent watch INTERFACE | --read FILE.pcap [--read ...]  [--json] [--en]\n";
        return 2;
    }
    if (!request->interface.empty()) return watch_live(*request, out, errors) ? 0 : 1;
    bool good = true;
    for (const auto& file : request->files) good = read_file(file, *request, out, errors) && good;
    out.flush();
    return good ? 0 : 1;
}

}  // namespace vg::probes
