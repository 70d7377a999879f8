#include "probes/snmp/snmp.hpp"

#include "probes/options.hpp"
#include "probes/snmp/device.hpp"
#include "probes/snmp/user_options.hpp"

#include <boost/asio/ip/address.hpp>

#include <charconv>
#include <memory>

namespace vg::probes {
namespace {

using namespace snmp;

constexpr auto patience = std::chrono::milliseconds(2000);
constexpr auto patience_of_check = std::chrono::milliseconds(700);

struct Settings {
    Access access;
    bool with_rates = true, with_check = true;
    Millis inventory_every{};
};

bool is_default(const std::string& community) { return community == "public" || community == "private"; }

class SnmpProbe final : public Probe {
public:
    SnmpProbe(std::string id, std::string host, Settings settings, Surroundings around)
        : id_(std::move(id)), settings_(std::move(settings)), around_(around), device_("snmp:" + host) {}

    asio::awaitable<wire::Observation> run(Deadline deadline) override {
        wire::Observation o;
        o.probe = id_;
        o.at = around_.clock.mono();
        const auto done = co_await visit(deadline, o);
        if (!done) {
            session_.reset();  // a new one may find another engine, or a changed password
            const auto code = done.error().code;
            const bool has_looked = code == Errc::timed_out || code == Errc::unauthorised;
            if (has_looked) device_.add_silence(o);
            if (code == Errc::timed_out) o.remark = explained(done.error());
            if (code != Errc::timed_out && code != Errc::cancelled) o.error = explained(done.error());
        }
        co_return o;
    }

    void tell_all() override { inventory_at_.reset(); }

    asio::awaitable<Result<std::string>> describe(Deadline deadline) override {
        if (auto open = prepare(); !open) co_return open.error();
        const auto seen = co_await read_inventory(*session_, deadline, Depth::identity_and_links);
        if (!seen) co_return fail(seen.error().code, explained(seen.error()));
        co_return to_json(*seen);
    }

private:
    // For a person: who was asked how, and what to look at.
    [[nodiscard]] Text explained(const Error& error) const {
        const auto& access = settings_.access;
        if (error.code == Errc::unauthorised)
            return say({"{} có trả lời SNMP nhưng không cho hỏi: {}; hãy kiểm tra user, hai mật khẩu và thuật toán",
                        "{} answers SNMP but does not let us ask: {}; check user, both passwords and protocols"},
                       access.address, error);
        if (error.code != Errc::timed_out) return told(error);
        if (access.version == Version::v3)
            return say(
                {"{} không trả lời SNMP phiên bản 3 qua UDP; hãy kiểm tra địa chỉ và cổng, SNMP đã bật chưa, thiết "
                 "bị có cho máy này hỏi không (ACL), và tường lửa ở giữa",
                 "{} gives no answer to SNMP version 3 over UDP; check address and port, whether SNMP is on, whether "
                 "the device lets this machine ask (ACL), and firewalls between"},
                access.address);
        return say(
            {"{} không trả lời SNMP phiên bản {} qua UDP; hãy kiểm tra địa chỉ và cổng, SNMP đã bật chưa, chuỗi cộng "
             "đồng, thiết bị có cho máy này hỏi không (ACL), và tường lửa ở giữa",
             "{} gives no answer to SNMP version {} over UDP; check address and port, whether SNMP is on, the "
             "community, whether the device lets this machine ask (ACL), and firewalls between"},
            access.address, access.version == Version::v1 ? "1" : "2c");
    }

    Result<void> prepare() {
        if (session_) return {};
        if (settings_.access.version != Version::v3 && settings_.access.community.empty())
            return fail(Errc::invalid_input,
                        say({"thiếu chuỗi cộng đồng; hãy cho biết community (1, 2c), hoặc version 3 với user",
                             "the community is missing; give community (1, 2c), or version 3 with a user"}));
        auto session = open_session(around_.io, settings_.access, patience);
        if (!session) return session.error();
        session_ = std::move(*session);
        return {};
    }

    asio::awaitable<Result<void>> visit(Deadline deadline, wire::Observation& o) {
        if (auto open = prepare(); !open) co_return open.error();
        Reader reader(*session_, deadline);
        const auto system = co_await read_system(*session_, reader);
        if (!system) co_return system.error();
        device_.add(*system, o);
        const bool has_restarted = system->ticks < ticks_before_;
        const bool is_due = !inventory_at_ || o.at - *inventory_at_ >= settings_.inventory_every || has_restarted;
        if (has_restarted) look_ = {};  // perhaps with a new version
        ticks_before_ = system->ticks;
        if (is_due) {
            const auto seen = co_await read_inventory(*session_, deadline, Depth::all, &look_);
            if (!seen) co_return seen.error();
            device_.add(*seen, o);
            inventory_at_ = o.at;
            co_await check_default(deadline, o);
        }
        const auto& plain = if_counters();
        const auto& wide = if_x_counters();
        const auto counters = co_await reader.table(plain.entry, plain.columns);
        const auto extensions = co_await reader.table(wide.entry, wide.columns);
        const bool is_whole = counters.is_whole && extensions.is_whole;
        device_.add(counters_of(counters.rows, extensions.rows), system->ticks, around_.clock.mono(),
                    settings_.with_rates && is_whole, o);
        co_return Result<void>{};
    }

    // Whether anybody may read the device with the community that every device is delivered with.
    asio::awaitable<void> check_default(Deadline deadline, wire::Observation& o) {
        const auto& access = settings_.access;
        if (access.version != Version::v3 && is_default(access.community)) {
            device_.fact(o, "snmp_public", true);
            co_return;
        }
        if (!settings_.with_check) co_return;
        Access open = access;
        open.version = Version::v2c;
        open.community = "public";
        auto session = open_session(around_.io, open, patience_of_check);
        if (!session) co_return;
        Reader reader(**session, deadline);
        const auto seen = co_await read_system(**session, reader);
        device_.fact(o, "snmp_public", seen.has_value());
    }

    std::string id_;
    Settings settings_;
    Surroundings around_;
    Device device_;
    std::unique_ptr<Session> session_;
    Look look_;
    std::optional<Mono> inventory_at_;
    std::uint64_t ticks_before_ = 0;
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

Access read_access(Options& options) {
    Access access;
    const auto version = options.text("version", "2c");
    if (version != "1" && version != "2c" && version != "3")
        options.complain("version", {"version phải là 1, 2c hoặc 3", "version must be 1, 2c or 3"});
    access.version = version == "3" ? Version::v3 : version == "1" ? Version::v1 : Version::v2c;
    access.community = options.text("community");
    access.user = read_user(options);
    access.context = options.text("context");
    if (access.version == Version::v3 && access.user.name.empty())
        options.complain("user", {"SNMPv3 cần tên người dùng ('user')", "SNMPv3 needs a 'user'"});
    return access;
}

std::unique_ptr<Probe> make(const Task& task, Surroundings around, Problems& problems) {
    Options options(task, problems);
    const auto place = split(task.target);
    if (!place)
        options.complain("target", {"snmp cần đích là một địa chỉ, ĐỊA-CHỈ:CỔNG hoặc [IPv6]:CỔNG",
                                    "snmp needs an address, ADDRESS:PORT or [IPv6]:PORT as its target"});
    Settings settings;
    settings.access = read_access(options);
    settings.with_rates = options.flag("rates", true);
    settings.with_check = options.flag("check_default", true);
    settings.inventory_every =
        options.duration("inventory_every", std::chrono::minutes{30}, std::chrono::minutes{1}, std::chrono::hours{24});
    if (!options.ok() || !place) return nullptr;
    settings.access.is_v6 = place->host.find(':') != std::string::npos;
    settings.access.address =
        (settings.access.is_v6 ? "[" + place->host + "]" : place->host) + ":" + std::to_string(place->port);
    return std::make_unique<SnmpProbe>(task.id, place->host, std::move(settings), around);
}

}  // namespace

Kind snmp_kind() {
    Kind kind;
    kind.name = "snmp";
    kind.vi = "Thiết bị mạng, máy in, UPS, máy ảnh qua SNMP: là gì, các cổng, thiết bị kề, lưu lượng";
    kind.en = "A network device, printer, UPS or camera by SNMP: what it is, its ports, neighbours and traffic";
    kind.target_help = "address, or address:port";
    kind.options = {
        {"version", "1|2c|3", "2c", "phiên bản SNMP", "version of SNMP"},
        {"community", "text", "-", "chuỗi cộng đồng (1, 2c)", "community (1, 2c)"},
        {"context", "text", "-", "ngữ cảnh (3)", "context (3)"},
        {"rates", "true|false", "true", "đo lưu lượng từng cổng", "measure the traffic of each interface"},
        {"inventory_every", "1m..24h", "30m", "bao lâu đọc lại các bảng chậm: cổng, địa chỉ, thiết bị kề, thành phần",
         "how often the slow tables are read: interfaces, addresses, neighbours, parts"},
        {"check_default", "true|false", "true", "thử chuỗi cộng đồng mặc định \"public\" cùng lúc đó",
         "try the default community \"public\" at that time"},
    };
    const auto user = user_options();
    kind.options.insert(kind.options.begin() + 2, user.begin(), user.end());
    kind.metrics = {
        {"snmp.if_rx", "By/s", "nhận vào cổng", "received by the interface"},
        {"snmp.if_tx", "By/s", "gửi ra cổng", "sent by the interface"},
        {"snmp.if_errors", "1", "lỗi mới của cổng", "new errors of the interface"},
    };
    kind.once_timeout = std::chrono::seconds{60};
    kind.empty_description = [] { return to_json(Inventory{}); };
    kind.make_probe = make;
    return kind;
}

}  // namespace vg::probes
