#include "probes/http/http.hpp"

#include "probes/http/content.hpp"
#include "probes/http/exchange.hpp"
#include "probes/options.hpp"
#include "probes/statistics.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace vg::probes {
namespace {

using namespace std::chrono_literals;

// A clock before this is plainly wrong and cannot judge a certificate's dates.
constexpr Time credible_from = std::chrono::sys_days{std::chrono::year{2024} / 1 / 1};

// A full handshake looks at the whole chain; between two of them the server proves itself by the session's key.
constexpr auto full_handshake_every = 10min;

struct HttpOptions {
    http::Url url;
    std::string method = "GET";
    Family family = Family::any;
    std::vector<unsigned> expect_status;  // empty: 200 to 399
    http::ContentMatch content;
    unsigned redirects = 0;
    bool tells_internet = false;
    std::string authorities_file;

    [[nodiscard]] bool is_expected(unsigned status) const {
        if (expect_status.empty()) return status >= 200 && status < 400;
        return std::find(expect_status.begin(), expect_status.end(), status) != expect_status.end();
    }
};

bool is_redirect(unsigned status) { return status >= 301 && status <= 308 && status != 304; }

// TLS 1.2 is let through: the probe tells how a foreign server stands, it does not choose for it.
Result<tls::Context> make_context(const std::string& authorities_file) {
    tls::Context::Options options;
    options.check = tls::PeerCheck::none;
    options.allow_tls12 = true;
    options.resume_for = full_handshake_every;
    if (!authorities_file.empty()) {
        std::ifstream in(authorities_file, std::ios::binary);
        options.trusted_pem.assign(std::istreambuf_iterator<char>(in), {});
        if (options.trusted_pem.empty())
            return fail(Errc::not_found, say({"không đọc được {}", "{} cannot be read"}, authorities_file));
    }
    return tls::Context::make(options);
}

class HttpProbe final : public Probe {
public:
    HttpProbe(const Task& task, Surroundings house, HttpOptions options, std::optional<tls::Context> context)
        : id_(task.id),
          service_(task.service),
          house_(house),
          options_(std::move(options)),
          context_(std::move(context)) {}

    asio::awaitable<wire::Observation> run(Deadline deadline) override {
        wire::Observation out;
        out.probe = id_;
        out.at = house_.clock.mono();
        auto seen = co_await fetch(deadline);
        const bool could_look = !seen.could_not_look;
        if (seen.outcome == Outcome::ok && !options_.is_expected(seen.status)) seen.outcome = Outcome::wrong_status;
        if (seen.outcome == Outcome::ok && !options_.content.fits(seen.body)) seen.outcome = Outcome::wrong_content;
        if (could_look) {
            out.remark = remark_on(seen);
            report(seen, out);
        } else {
            out.error = seen.sentence;
        }
        // Without a route the service may be well; the Internet is out of reach all the same.
        if (options_.tells_internet) tell_internet(seen.outcome == Outcome::ok, out);
        co_return out;
    }

private:
    asio::awaitable<http::Exchange> fetch(Deadline deadline) const {
        http::Request request;
        request.method = options_.method;
        request.url = options_.url;
        request.family = options_.family;
        request.tls = context_ ? &*context_ : nullptr;
        for (unsigned left = options_.redirects;; --left) {
            auto seen = co_await http::exchange(request, deadline);
            if (left == 0 || seen.outcome != Outcome::ok || !is_redirect(seen.status) || seen.location.empty())
                co_return seen;
            auto next = http::follow(request.url, seen.location);
            if (!next) co_return seen;
            request.url = std::move(*next);
        }
    }
    [[nodiscard]] Text remark_on(const http::Exchange& seen) const {
        if (seen.outcome == Outcome::wrong_status)
            return say({"trang trả lời mã {}, không phải mã được coi là tốt",
                        "the page answers with status {}, which is not good"},
                       seen.status);
        if (seen.outcome == Outcome::wrong_content)
            return say(
                {"trang mở được nhưng không có nội dung cần có", "the page came but lacks what it must contain"});
        if (seen.outcome != Outcome::ok || !seen.peer || seen.peer->chain_trusted) return seen.sentence;
        return say({"trang mở được, nhưng trình duyệt sẽ cảnh báo: chứng thư không được tin cậy, {}",
                    "the page came, but browsers will warn: its certificate is not trusted, {}"},
                   seen.peer->chain_problem);
    }
    void report(const http::Exchange& seen, wire::Observation& out) const {
        const auto add = [&](const char* metric, const std::optional<std::chrono::nanoseconds>& took) {
            if (!took) return;
            const auto ms = std::chrono::duration<double, std::milli>(*took).count();
            out.samples.push_back({{metric, id_, "ms"}, round_to(ms, 0.01)});
        };
        add("http.dns", seen.phases.dns);
        add("http.connect", seen.phases.connect);
        add("http.tls", seen.phases.tls);
        add("http.first_byte", seen.phases.first_byte);
        add("http.total", seen.phases.total);
        if (seen.status != 0) out.samples.push_back({{"http.status", id_, "1"}, static_cast<double>(seen.status)});
        out.samples.push_back({{"http.outcome", id_, "1"}, static_cast<double>(seen.outcome)});
        if (service_.empty()) return;
        tell(out, wire::SubjectKind::service, "reachable", seen.outcome == Outcome::ok);
        if (seen.peer) tell_certificate(*seen.peer, out);
    }
    void tell_certificate(const tls::Peer& peer, wire::Observation& out) const {
        const auto now = house_.clock.wall();
        if (now < credible_from || !peer.certificate) {
            for (const auto* name : {"tls_trusted", "tls_days_left", "tls_problem"})
                tell(out, wire::SubjectKind::service, name, {});
            return;
        }
        const auto left = std::chrono::floor<std::chrono::days>(peer.certificate->not_after - now).count();
        tell(out, wire::SubjectKind::service, "tls_trusted", peer.chain_trusted);
        tell(out, wire::SubjectKind::service, "tls_days_left", std::int64_t{left});
        tell(out, wire::SubjectKind::service, "tls_problem", peer.chain_problem.en);
    }
    void tell_internet(bool reached, wire::Observation& out) const {
        tell(out, wire::SubjectKind::agent, "internet", reached);
        tell(out, wire::SubjectKind::site, "internet", reached);
    }
    void tell(wire::Observation& out, wire::SubjectKind kind, const char* name, wire::FactValue value) const {
        out.facts.push_back({{kind, kind == wire::SubjectKind::service ? service_ : ""}, name, std::move(value)});
    }
    std::string id_, service_;
    Surroundings house_;
    HttpOptions options_;
    std::optional<tls::Context> context_;  // for https
};

void read_content(Options& read, HttpOptions& into) {
    const auto text = read.text("match");
    const auto pattern = read.text("match_regex");
    if (!text.empty() && !pattern.empty())
        read.complain("match_regex", {"chỉ dùng match hoặc match_regex, không dùng cả hai",
                                      "match and match_regex exclude each other"});
    if (!text.empty()) into.content = http::ContentMatch::of_text(text);
    if (pattern.empty()) return;
    auto made = http::ContentMatch::of_regex(pattern);
    if (made)
        into.content = std::move(*made);
    else
        read.complain("match_regex", {"tùy chọn match_regex: {}", "option match_regex: {}"}, made.error());
}

void read_status(Options& read, HttpOptions& into) {
    for (const auto& text : read.list("expect_status")) {
        const bool is_status = text.size() == 3 && text[0] >= '1' && text[0] <= '5' &&
                               std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (is_status)
            into.expect_status.push_back(static_cast<unsigned>(std::stoul(text)));
        else
            read.complain("expect_status", {"expect_status là một mã trạng thái từ 100 đến 599, hoặc một danh sách mã",
                                            "expect_status takes a status from 100 to 599, or a list of them"});
    }
}

std::unique_ptr<Probe> make_http(const Task& task, Surroundings house, Problems& problems) {
    Options read(task, problems);
    HttpOptions options;
    auto url = http::parse_url(task.target);
    if (url)
        options.url = std::move(*url);
    else
        read.complain("target",
                      {"phép dò http cần đích như https://host/path: {}",
                       "an http probe needs a target like "
                       "https://host/path: {}"},
                      url.error());
    options.method = read.text("method", "GET");
    if (options.method != "GET" && options.method != "HEAD")
        read.complain("method", {"method phải là GET hoặc HEAD", "method must be GET or HEAD"});
    options.family = read.family();
    read_status(read, options);
    read_content(read, options);
    if (options.method == "HEAD" && options.content.is_set())
        read.complain("method", {"HEAD không tải nội dung nên không so được; hãy dùng GET",
                                 "HEAD fetches no content to match; use GET"});
    options.redirects = static_cast<unsigned>(read.integer("redirects", 0, 0, 10));
    options.tells_internet = read.flag("internet", false);
    options.authorities_file = read.text("authorities");
    // A page in the clear may lead to one that is not.
    std::optional<tls::Context> context;
    if (options.url.is_tls || options.redirects > 0) {
        auto made = make_context(options.authorities_file);
        if (made)
            context.emplace(std::move(*made));
        else
            read.complain("authorities",
                          {"không dùng được tệp chứng thư gốc: {}", "the authorities cannot be used: {}"},
                          made.error());
    }
    if (!read.ok()) return nullptr;
    return std::make_unique<HttpProbe>(task, house, std::move(options), std::move(context));
}

}  // namespace

Kind http_kind() {
    Kind kind;
    kind.name = "http";
    kind.vi = "Tải một trang web: có truy cập được không, thời gian từng bước, chứng thư TLS";
    kind.en = "Fetches a page: whether it is reachable, the time of each phase, the TLS certificate";
    kind.target_help = "http or https URL";
    kind.options = {
        {"method", "GET|HEAD", "GET", "phương thức", "request method"},
        {"expect_status", "100..599 or a list", "200..399", "mã trả lời được coi là tốt", "statuses that are good"},
        {"match", "text", "-", "đoạn chữ phải có trong 256 KiB đầu của trang",
         "text that the first 256 KiB of the page must contain"},
        {"match_regex", "regular expression (Perl)", "-", "như match, bằng biểu thức chính quy",
         "as match, by a regular expression"},
        {"redirects", "0..10", "0", "số lần chuyển hướng được đi theo", "redirects to follow"},
        {"authorities", "file (PEM)", "-", "các CA được tin cậy (bỏ trống: của hệ thống)",
         "trusted authorities (left out: the system's)"},
        {"internet", "true|false", "false", "kết quả cho biết có Internet hay không",
         "the result says whether there is Internet"},
        family_option,
    };
    kind.metrics = {
        {"http.dns", "ms", "phân giải tên", "name to address"},
        {"http.connect", "ms", "kết nối TCP", "TCP connection"},
        {"http.tls", "ms", "bắt tay TLS", "TLS handshake"},
        {"http.first_byte", "ms", "từ yêu cầu tới byte đầu", "from the request to the first byte"},
        {"http.total", "ms", "tổng thời gian", "from the start to the end"},
        {"http.status", "1", "mã trả lời", "status of the response"},
        {"http.outcome", "1",
         "0 tốt, 1 bị từ chối, 2 quá giờ, 3 không có đường tới, 4 không có tên này, 5 lỗi TLS, 6 trả lời hỏng, 7 sai "
         "mã "
         "trả lời, 8 sai nội dung",
         "0 good, 1 refused, 2 timed out, 3 unreachable, 4 no such name, 5 TLS failed, 6 bad answer, 7 wrong status, "
         "8 wrong content"},
    };
    kind.make_probe = make_http;
    return kind;
}

}  // namespace vg::probes
