#include "probes/dns/dns.hpp"

#include "probes/dns/client.hpp"
#include "probes/endpoint.hpp"
#include "probes/options.hpp"
#include "probes/statistics.hpp"

#include <algorithm>

namespace vg::probes {
namespace {

enum class DnsOutcome : std::uint8_t {  // docs/probes.md
    ok = 0,
    unexpected = 1,    // answered, but not what was expected
    no_such_name = 2,  // the name or a record of the type does not exist
    server_trouble = 3,
    timed_out = 4,
    unreachable = 5,  // nobody listens, or no way
    malformed = 6,
};

struct DnsOptions {
    std::optional<HostPort> server;
    dns::Type type = dns::Type::a;
    std::vector<std::string> expect;
};

// Each expected value must be among the answers; names are compared as DNS does.
bool meets(const std::vector<std::string>& answers, const std::vector<std::string>& expect) {
    return std::all_of(expect.begin(), expect.end(), [&](const std::string& wanted) {
        return std::any_of(answers.begin(), answers.end(), [&](const std::string& answer) {
            return dns::normal_name(answer) == dns::normal_name(wanted);
        });
    });
}

DnsOutcome meaning(const Error& error) {
    if (error.code == Errc::timed_out || error.code == Errc::cancelled) return DnsOutcome::timed_out;
    return error.code == Errc::invalid_input ? DnsOutcome::malformed : DnsOutcome::unreachable;
}

class DnsProbe final : public Probe {
public:
    DnsProbe(const Task& task, Surroundings house, DnsOptions options)
        : id_(task.id), name_(task.target), service_(task.service), house_(house), options_(std::move(options)) {}

    asio::awaitable<wire::Observation> run(Deadline deadline) override {
        wire::Observation out;
        out.probe = id_;
        out.at = house_.clock.mono();
        const auto server = co_await server_to_ask(deadline);
        if (!server) {
            out.error = told(server.error());
            co_return out;
        }
        const auto start = std::chrono::steady_clock::now();
        const auto reply = co_await dns::ask(*server, name_, options_.type, deadline);
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
        if (!reply) {
            out.remark = told(reply.error());
            report(meaning(reply.error()), out);
            co_return out;
        }
        out.samples.push_back({{"dns.time", id_, "ms"}, round_to(took.count(), 0.01)});
        const auto outcome = judge(*reply);
        out.remark = remark_on(outcome, *reply, server->address().to_string());
        report(outcome, out);
        co_return out;
    }

private:
    asio::awaitable<Result<asio::ip::udp::endpoint>> server_to_ask(Deadline deadline) const {
        if (!options_.server) co_return asio::ip::udp::endpoint(system_name_settings().servers.front(), 53);
        const auto found = co_await resolve(options_.server->host, Family::any, deadline);
        if (!found) co_return found.error();
        co_return asio::ip::udp::endpoint(found->front(), options_.server->port);
    }
    [[nodiscard]] DnsOutcome judge(const dns::Reply& reply) const {
        const auto answers = dns::answers_for(reply, name_, options_.type);
        if (reply.rcode == dns::rcode_no_such_name) return DnsOutcome::no_such_name;
        if (reply.rcode != dns::rcode_ok) return DnsOutcome::server_trouble;
        if (answers.empty()) return DnsOutcome::no_such_name;
        return meets(answers, options_.expect) ? DnsOutcome::ok : DnsOutcome::unexpected;
    }
    [[nodiscard]] Text remark_on(DnsOutcome outcome, const dns::Reply& reply, const std::string& server) const {
        const auto answers = dns::answers_for(reply, name_, options_.type);
        switch (outcome) {
            case DnsOutcome::ok: return say({"{} là {}", "{} is {}"}, name_, joined(answers));
            case DnsOutcome::unexpected:
                return say({"máy chủ {} trả lời {} là {}, không có đủ {} như mong đợi",
                            "the server {} says that {} is {}, which lacks some of {}"},
                           server, name_, joined(answers), joined(options_.expect));
            case DnsOutcome::no_such_name:
                if (reply.rcode == dns::rcode_ok)
                    return say({"máy chủ {} có tên {} nhưng không có bản ghi loại cần hỏi",
                                "the server {} knows {} but no record of the type that was asked for"},
                               server, name_);
                return say(
                    {"máy chủ {} trả lời là không có tên {} (NXDOMAIN); hãy kiểm tra cách viết và khai báo tên miền",
                     "the server {} says that there is no name {} (NXDOMAIN); check how it is written and "
                     "registered"},
                    server, name_);
            case DnsOutcome::server_trouble:
                return say({"máy chủ {} không trả lời được câu hỏi về {} (mã {}: 2 máy chủ gặp sự cố, 5 từ chối)",
                            "the server {} cannot answer about {} (code {}: 2 server failure, 5 refused)"},
                           server, name_, int{reply.rcode});
            case DnsOutcome::timed_out:
            case DnsOutcome::unreachable:
            case DnsOutcome::malformed: break;
        }
        return {};
    }
    void report(DnsOutcome outcome, wire::Observation& out) const {
        out.samples.push_back({{"dns.outcome", id_, "1"}, static_cast<double>(outcome)});
        if (!service_.empty())
            out.facts.push_back({{wire::SubjectKind::service, service_}, "dns_ok", outcome == DnsOutcome::ok});
    }
    std::string id_, name_, service_;
    Surroundings house_;
    DnsOptions options_;
};

std::unique_ptr<Probe> make_dns(const Task& task, Surroundings house, Problems& problems) {
    Options read(task, problems);
    DnsOptions options;
    if (const auto server = read.text("server"); !server.empty()) {
        options.server = parse_host_port(server, 53);
        if (!options.server)
            read.complain("server", {"server phải là địa chỉ hoặc tên máy, có hoặc không có :cổng",
                                     "server must be an address or host, with or without :port"});
    }
    const auto type = dns::type_of(read.text("type", "A"));
    if (!type)
        read.complain("type", {"type phải là A, AAAA, CNAME, MX, NS, PTR, SOA hoặc TXT",
                               "type must be A, AAAA, CNAME, MX, NS, PTR, SOA or TXT"});
    options.type = type.value_or(dns::Type::a);
    options.expect = read.list("expect");
    if (!dns::write_question(0, task.target, options.type))
        read.complain("target",
                      {"phép dò dns cần đích là tên cần hỏi", "a dns probe needs a name to ask for as its target"});
    return read.ok() ? std::make_unique<DnsProbe>(task, house, std::move(options)) : nullptr;
}

}  // namespace

Kind dns_kind() {
    Kind kind;
    kind.name = "dns";
    kind.vi = "Hỏi máy chủ tên miền: thời gian trả lời, câu trả lời có đúng không";
    kind.en = "Asks a name server: how long it takes and whether the answer is right";
    kind.target_help = "the name to ask for";
    kind.options = {
        {"server", "address or host, with or without :port", "-", "máy chủ tên miền (bỏ trống: của hệ thống)",
         "the name server (left out: the system's first)"},
        {"type", "A|AAAA|CNAME|MX|NS|PTR|SOA|TXT", "A", "loại bản ghi", "type of record"},
        {"expect", "text or list of texts", "-", "các giá trị phải có trong câu trả lời",
         "values that must be among the answers"},
    };
    kind.metrics = {
        {"dns.time", "ms", "thời gian trả lời", "time to the answer"},
        {"dns.outcome", "1",
         "0 đúng như mong đợi, 1 trả lời khác, 2 không có tên này, 3 máy chủ gặp sự cố, 4 quá giờ, 5 không tới được, 6 "
         "trả lời sai dạng",
         "0 as expected, 1 another answer, 2 no such name, 3 server in trouble, 4 timed out, 5 unreachable, 6 "
         "malformed"},
    };
    kind.make_probe = make_dns;
    return kind;
}

}  // namespace vg::probes
