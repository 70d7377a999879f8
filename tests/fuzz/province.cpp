#include "tests/fuzz/province.hpp"

#include "base/crypto.hpp"
#include "base/log.hpp"
#include "collector/register/versions.hpp"
#include "rules/load.hpp"
#include "wire/limits.hpp"

#include <boost/json.hpp>

#include <iterator>

namespace vg::fuzz {

using namespace collector;
namespace json = boost::json;
using std::chrono::hours;

namespace {

constexpr const char* register_text = R"(
units:
  - { code: "48", level: province, kind: thanh_pho, name: "Đà Nẵng" }
  - { code: "20900", level: commune, kind: xa, name: "Trà My", parent: "48" }
  - { code: "20920", level: commune, kind: xa, name: "Trà Đốc", parent: "48" }
sites:
  - id: HA01
    name: "Trụ sở"
    unit: "20900"
    uplinks:
      - { name: fibre, kind: fibre, provider: VNPT, primary: true, next_hop: 192.0.2.1 }
      - { name: mobile, kind: 4g, provider: Viettel, next_hop: 198.51.100.1 }
  - { id: HA02, name: "Trụ sở cũ", unit: "20920" }
devices:
  - { site: HA01, name: router, kind: router, mac: "00:0c:42:00:00:01", ip: 10.1.0.1, support_end: 2028-12-31 }
  - { site: HA01, name: "máy in", kind: printer, ip: 10.1.0.40, serial: PR-0001 }
  - { site: HA02, name: camera, kind: camera, mac: "00:0c:42:00:00:77" }
services:
  - { id: portal, name: "Cổng dịch vụ công", kind: portal, probe: http, target: "https://dichvucong.example.gov.vn/", every: 5m }
software:
  - { name: "libreoffice*" }
addresses:
  - { prefix: 10.0.0.0/14 }
  - { site: HA01, prefix: 10.1.0.0/21, assigned: 2025-08-01, reviewed: 2026-08-15 }
)";

constexpr const char* rules_text = R"(
- id: F01
  title: { vi: "Trụ sở dùng cáp quang", en: "The office is on fibre" }
  subject: site
  expect: active_uplink = 'fibre'
  severity: high
  advice: { vi: "Gọi nhà mạng.", en: "Call the carrier." }
  basis: [{ text: "Thông lệ", mark: GK }]
- id: F02
  title: { vi: "Thiết bị có trong danh mục", en: "The device is in the register" }
  subject: device
  expect: registered
  evidence: { vi: "'Thiết bị ' || id", en: "'The device ' || id" }
  severity: medium
  advice: { vi: "Xem thiết bị.", en: "Look at the device." }
  basis: [{ text: "Thông lệ", mark: GK }]
)";

// Argon2id of the password with the least work there is.
constexpr const char* password_hash = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$pt6+ZR8+ASHwmCAoDMKYLQ";

std::shared_ptr<const rules::RuleSet> the_rules() {
    static const auto rules = [] {
        Problems problems;
        const std::vector<std::string> producers{"uplink", "host", "inventory", "icmp", "http", "lan", "snmp"};
        auto loaded = rules::load_rules({{"rules", rules_text}}, producers, problems);
        require(problems.empty());
        return loaded;
    }();
    return rules;
}

std::string hash_of(const std::string& secret) { return crypto::to_hex(crypto::sha256(view_of(secret))); }

// Written as the collector itself keeps them (auth/accounts.cpp, tokens.cpp), but that nothing of it is from chance.
void add_people(Store& store, Time now) {
    const auto ms = now.time_since_epoch().count();
    const auto put = [&](const char* collection, const std::string& id, const json::object& object) {
        require(store.put({collection, id, json::serialize(object), now}).has_value());
    };
    for (const auto role : roles) {
        const std::string name(role);
        put("users", name,
            {{"role", role},
             {"unit", role == "officer" ? "20900" : ""},
             {"hash", password_hash},
             {"made_ms", ms},
             {"must_change", false}});
        put("sessions", hash_of("session-" + name),
            {{"user", role}, {"csrf", "csrf"}, {"made_ms", ms}, {"used_ms", ms}});
        put("api_tokens", hash_of("vga1." + name),
            {{"role", role}, {"made_by", "fuzz"}, {"note", ""}, {"made_ms", ms}, {"expires_ms", ms + 86'400'000}});
    }
}

const Time start = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)) + hours(5);

std::string next_name() {
    static std::uint64_t n = 0;
    return "file:/province-" + std::to_string(++n) + "?vfs=memdb";
}

}  // namespace

Province::Province() : name_(next_name()), holder_(must(sqlite::Database::open(name_))), clock_(start) {
    log::set_level(log::Level::error);
    const auto opened = store();
    add_people(*opened, clock_.wall());
    require(registry::keep(*opened, register_text, "fuzz", "start", clock_.wall()).has_value());
}

std::unique_ptr<Store> Province::store() const { return must(open_sqlite_store(name_)); }

Pipeline::Parts Province::parts() {
    Pipeline::Parts out;
    out.store = store();
    out.clock = &clock_;
    out.reg = must(registry::load_latest(*out.store));
    out.rules = the_rules();
    out.address = "collector.example.vn:443";
    return out;
}

void Province::enrol(Pipeline& pipeline) {
    for (const int n : {1, 2}) {
        Enrolment enrolment;
        enrolment.id = "a" + std::to_string(n);
        enrolment.site = "HA0" + std::to_string(n);
        enrolment.host = "pc-" + std::to_string(n);
        enrolment.key_sha256_hex = enrolment.id;
        enrolment.enrolled = clock_.wall() - hours(1);
        enrolment.expires = clock_.wall() + hours(1'000);
        require(pipeline.enrolled(enrolment).has_value());
    }
    clock_.advance(hours(1));
    connect(pipeline);
}

void Province::connect(Pipeline& pipeline) {
    for (const int n : {1, 2}) {
        Opened opened;
        opened.hello.version = wire::limits::protocol_version;
        opened.hello.software = "vonggac-agent 0";
        opened.hello.host_name = "pc-" + std::to_string(n);
        opened.hello.spool_epoch = 7;
        opened.hello.mono_ms = clock_.mono().time_since_epoch().count();
        opened.hello.boot.boot_id = std::string(32, static_cast<char>('0' + n));
        opened.hello.boot.device_wall_at_zero_ms = clock_.wall().time_since_epoch().count() - opened.hello.mono_ms;
        opened.certificate.subject_cn = opened.certificate.key_sha256_hex = "a" + std::to_string(n);
        opened.round_trip = Millis{2};
        give(pipeline, n, std::move(opened));
    }
}

void Province::give(Pipeline& pipeline, int agent, decltype(Delivery::what) what) {
    std::vector<Delivery> group;
    group.push_back({.connection = static_cast<ConnectionId>(agent),
                     .mailbox = {},
                     .received = clock_.wall(),
                     .what = std::move(what)});
    (void)pipeline.turn(std::move(group));
}

wire::Batch Province::batch(wire::BatchClass batch_class, Bytes body) {
    wire::Batch out;
    out.seq = ++seq_;
    out.batch_class = batch_class;
    out.sent_mono_ms = clock_.mono().time_since_epoch().count();
    out.body = std::move(body);
    return out;
}

void Province::tell(Pipeline& pipeline, int agent, const Facts& facts) {
    wire::FactBody body;
    for (const auto& fact : facts) body.facts.push_back({fact, clock_.mono()});
    give(pipeline, agent, BatchIn{batch(wire::BatchClass::facts, wire::encode(body))});
}

void Province::tell_events(Pipeline& pipeline, int agent) {
    wire::EventBody body;
    body.first_index = 1;
    wire::Event event{"login.failed", wire::Severity::low, {wire::SubjectKind::device, "host"}, {}, clock_.mono()};
    event.fields = {{"src_ip", "10.9.8.7"}, {"user", "root"}};
    body.events.push_back(std::move(event));
    give(pipeline, agent, BatchIn{batch(wire::BatchClass::events, wire::encode(body))});
}

void Province::tell_samples(Pipeline& pipeline, int agent) {
    wire::Names names;
    names.names = {{"icmp.rtt_median", "hop", "ms"}, {"snmp.if_rx", "10.1.0.1/ether1", "By/s"}};
    give(pipeline, agent, NamesIn{std::move(names)});
    wire::SampleBody body;
    const auto now = clock_.mono().time_since_epoch().count();
    for (const wire::SeriesId id : {1u, 2u}) body.columns.push_back({id, {now - 60'000, now - 30'000}, {1.25, 3.5}});
    give(pipeline, agent, BatchIn{batch(wire::BatchClass::samples, wire::encode(body))});
}

void Province::pass(Pipeline& pipeline, Millis time) {
    for (Millis done{0}; done < time; done += std::chrono::seconds(5)) {
        clock_.advance(std::chrono::seconds(5));
        for (const int n : {1, 2})
            give(pipeline, n,
                 HeartbeatIn{{.mono_ms = clock_.mono().time_since_epoch().count(),
                              .device_wall_ms = clock_.wall().time_since_epoch().count()}});
        pipeline.tick();
    }
}

void require_json(std::string_view text) {
    boost::system::error_code ec;
    const auto value = json::parse(json::string_view(text.data(), text.size()), ec);
    require(!ec);
}

}  // namespace vg::fuzz
