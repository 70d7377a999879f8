#include "probes/snmp/snmp.hpp"

#include "probes/options.hpp"
#include "probes/snmp/client.hpp"
#include "probes/snmp/device.hpp"
#include "probes/snmp/worker.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <charconv>
#include <functional>
#include <memory>

namespace vg::probes {
namespace {

using namespace snmp;

constexpr int rows_at_once = 10;

Result<void> walk(Client& client, Walk& table, Until deadline) {
    for (auto ask = table.next(); !ask.empty(); ask = table.next()) {
        const auto answer = client.get_bulk(ask, rows_at_once, deadline);
        if (!answer) return answer.error();
        table.take(*answer);
    }
    return {};
}

Result<Answers> visit(const Access& access, Until deadline) {
    auto client = open_client(access, deadline);
    if (!client) return client.error();
    Answers answers;
    auto system = (*client)->get(system_oids(), deadline);
    if (!system) return system.error();
    answers.system = std::move(*system);
    Walk interfaces(if_entry(), if_columns()), extensions(if_x_entry(), if_x_columns());
    for (auto* table : {&interfaces, &extensions})
        if (auto done = walk(**client, *table, deadline); !done) return done.error();
    answers.interfaces = interfaces.rows();
    answers.extensions = extensions.rows();
    return answers;
}

class SnmpProbe final : public Probe {
public:
    SnmpProbe(std::string id, std::string host, Access access, bool with_rates, Surroundings around)
        : id_(std::move(id)),
          access_(std::move(access)),
          with_rates_(with_rates),
          around_(around),
          device_("snmp:" + host) {}

    asio::awaitable<wire::Observation> run(Deadline deadline) override {
        const auto result = std::make_shared<Result<Answers>>(fail(Errc::cancelled, "stopped"));
        // A name for the task: GCC 12 destroys a temporary in a co_await expression twice.
        std::function<void()> task = [result, access = access_, deadline] { *result = visit(access, deadline); };
        co_await run_on_worker(around_.io, std::move(task));
        wire::Observation o;
        o.probe = id_;
        o.at = around_.clock.mono();
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) co_return o;  // the worker still owns the result
        const auto& answers = *result;
        if (answers) {
            device_.add(*answers, o.at, with_rates_, o);
        } else {
            const auto code = answers.error().code;
            const bool has_looked = code == Errc::timed_out || code == Errc::unauthorised;
            if (has_looked) device_.add_silence(o);
            if (code != Errc::timed_out) o.error = answers.error().message;
        }
        co_return o;
    }

private:
    std::string id_;
    Access access_;
    bool with_rates_;
    Surroundings around_;
    Device device_;
};

struct Door {
    std::string host;
    std::uint16_t port = 161;
};

// "10.1.0.1", "10.1.0.1:161", "2001:db8::1", "[2001:db8::1]:161"
std::optional<Door> split(std::string text) {
    Door place;
    if (text.starts_with("udp:")) text.erase(0, 4);
    const auto colon = text.rfind(':');
    const bool is_bare_v6 = text.find(':') != colon && !text.starts_with("[");
    auto host = text;
    if (colon != std::string::npos && !is_bare_v6 && !text.ends_with("]")) {
        const auto* end = text.data() + text.size();
        const auto [at, error] = std::from_chars(text.data() + colon + 1, end, place.port);
        if (error != std::errc{} || at != end || place.port == 0) return std::nullopt;
        host = text.substr(0, colon);
    }
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    boost::system::error_code bad;
    const auto address = asio::ip::make_address(host, bad);
    if (bad) return std::nullopt;
    place.host = address.to_string();
    return place;
}

void read_user(Options& options, Access& access) {
    access.user = options.text("user");
    access.auth_protocol = options.text("auth_protocol", "SHA-256");
    access.auth_password = options.text("auth_password");
    access.privacy_protocol = options.text("privacy_protocol", "AES");
    access.privacy_password = options.text("privacy_password");
    if (access.version == Version::v2c) return;
    if (access.user.empty()) options.complain("user", "SNMPv3 needs a user");
    for (const auto* key : {"auth_password", "privacy_password"}) {
        const auto& password =
            key == std::string_view("auth_password") ? access.auth_password : access.privacy_password;
        if (!password.empty() && password.size() < 8)
            options.complain(key, "a password of SNMPv3 has at least 8 characters");
    }
    if (!access.privacy_password.empty() && access.auth_password.empty())
        options.complain("auth_password", "privacy without authentication is not possible in SNMPv3");
    const auto& auth = access.auth_protocol;
    if (auth != "SHA" && auth != "SHA-256" && auth != "SHA-384" && auth != "SHA-512")
        options.complain("auth_protocol", "auth_protocol must be SHA, SHA-256, SHA-384 or SHA-512");
    if (access.privacy_protocol != "AES") options.complain("privacy_protocol", "privacy_protocol must be AES");
}

std::unique_ptr<Probe> make(const Task& task, Surroundings around, Problems& problems) {
    Options options(task, problems);
    const auto place = split(task.target);
    if (!place) options.complain("target", "snmp needs an address, ADDRESS:PORT or [IPv6]:PORT as its target");
    Access access;
    const auto version = options.text("version", "2c");
    if (version != "2c" && version != "3") options.complain("version", "version must be 2c or 3");
    access.version = version == "3" ? Version::v3 : Version::v2c;
    access.community = options.text("community", "public");
    read_user(options, access);
    const bool with_rates = options.flag("rates", true);
    if (!options.ok() || !place) return nullptr;
    access.is_v6 = place->host.find(':') != std::string::npos;
    access.address = (access.is_v6 ? "[" + place->host + "]" : place->host) + ":" + std::to_string(place->port);
    return std::make_unique<SnmpProbe>(task.id, place->host, std::move(access), with_rates, around);
}

}  // namespace

Kind snmp_kind() {
    Kind kind;
    kind.name = "snmp";
    kind.vi = "Bộ định tuyến hoặc bộ chuyển mạch qua SNMP: hệ thống và các cổng";
    kind.en = "A router or switch by SNMP: its system and its interfaces";
    kind.target_help = "address, or address:port";
    kind.options = {
        {"version", "2c|3", "2c", "phiên bản SNMP", "version of SNMP"},
        {"community", "text", "public", "chuỗi cộng đồng (2c)", "community (2c)"},
        {"user", "text", "-", "tên người dùng (3)", "user (3)"},
        {"auth_protocol", "SHA|SHA-256|SHA-384|SHA-512", "SHA-256", "cách xác thực (3)", "authentication (3)"},
        {"auth_password", "text", "-", "mật khẩu xác thực (3)", "authentication password (3)"},
        {"privacy_protocol", "AES", "AES", "cách mã hóa (3)", "encryption (3)"},
        {"privacy_password", "text", "-", "mật khẩu mã hóa (3)", "encryption password (3)"},
        {"rates", "true|false", "true", "đo lưu lượng từng cổng", "measure the traffic of each interface"},
    };
    kind.make_probe = make;
    return kind;
}

}  // namespace vg::probes
