#include "tests/collector/house.hpp"

#include "collector/register/read.hpp"
#include "rules/load.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <stdexcept>

namespace vg::collector::test {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

const std::string server_name = "127.0.0.1";

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message);
    return std::move(*result);
}

template <class F>
auto run(asio::io_context& io, F operation) {
    using R = typename std::invoke_result_t<F>::value_type;
    std::optional<R> out;
    asio::co_spawn(io, operation(), [&](std::exception_ptr error, R value) {
        if (error) std::rethrow_exception(error);
        out.emplace(std::move(value));
    });
    io.restart();
    while (!out && io.run_one() > 0) {}
    return std::move(*out);
}

}  // namespace

Folder::Folder() : path(std::filesystem::temp_directory_path() / ("vg-house-" + crypto::random_text(12))) {
    std::filesystem::create_directories(path);
}
Folder::~Folder() { std::filesystem::remove_all(path); }

std::unique_ptr<Pipeline> lone_pipeline(const Folder& folder, Clock& clock, Counters& counters,
                                        const char* register_yaml, const std::vector<std::string>& rule_paths) {
    Problems problems;
    Pipeline::Parts parts;
    parts.store = must(open_sqlite_store((folder.path / "vonggac.db").string()));
    parts.clock = &clock;
    parts.reg = std::make_shared<const registry::Register>(registry::read_yaml(register_yaml, "register", problems));
    const std::vector<std::string> producers{"uplink", "host", "icmp", "http", "tcp", "dns", "lan", "snmp"};
    parts.rules = rules::load_rules(rules::read_rule_files(rule_paths, problems), producers, problems);
    if (!problems.empty()) throw std::runtime_error(problems.text());
    return must(Pipeline::make(std::move(parts), counters));
}

House::House(FrameLimits frames, std::optional<std::string> data_dir, const WrapStore& wrap)
    : dir(data_dir.value_or(folder.path.string())) {
    const Time now = system_clock().wall();
    authority = std::make_shared<Authority>(must(Authority::open(dir, {"127.0.0.1", "localhost"}, now)));
    Problems problems;
    auto reg = registry::read_yaml(small_register, "register.yaml", problems);
    auto rules = rules::load_rules({}, {}, problems);
    if (!problems.empty()) throw std::runtime_error(problems.text());
    Pipeline::Parts parts;
    parts.store = must(
        open_sqlite_store(dir + "/vonggac.db", {.seal = [a = authority](ByteView data) { return a->seal(data); }}));
    if (wrap) parts.store = wrap(std::move(parts.store));
    parts.authority = authority;
    parts.clock = &system_clock();
    parts.reg = std::make_shared<const registry::Register>(std::move(reg));
    parts.rules = rules;
    parts.address = "127.0.0.1:443";
    core = must(Core::start(io.get_executor(), std::move(parts), counters));
    listener = must(Listener::open(io, {.address = "127.0.0.1", .port = 0, .frames = frames}, *core, authority,
                                   [this](tls::Stream) -> asio::awaitable<void> {
                                       ++http_connections;
                                       co_return;
                                   }));
    asio::co_spawn(io, listener->run(), [](std::exception_ptr error) {
        if (error) std::terminate();
    });
    thread = std::thread([this] { io.run(); });
}

House::~House() {
    asio::post(io, [this] { listener->stop(); });
    thread.join();
    core.reset();
}

std::string House::token(std::uint32_t uses, Millis valid) {
    return in_pipeline([&](Pipeline& pipeline) {
        return make_enrolment_token(pipeline.store(), {.site = "HA01", .uses = uses, .valid = valid, .made_by = "test"},
                                    authority->fingerprint(), pipeline.clock().wall())
            .value();
    });
}

namespace {

tls::Context client(std::string authority_pem, std::optional<x509::Identity> identity, const char* alpn) {
    tls::Context::Options options;
    options.identity = std::move(identity);
    options.trusted_pem = std::move(authority_pem);
    options.alpn = {alpn};
    return must(tls::Context::make(options));
}

}  // namespace

ScriptedAgent::ScriptedAgent(std::uint16_t port, std::string authority_pem, std::optional<x509::Identity> identity,
                             const char* alpn)
    : context_(client(std::move(authority_pem), std::move(identity), alpn)), port_(port) {}

ScriptedAgent::~ScriptedAgent() { close(); }

void ScriptedAgent::close() {
    if (stream_) stream_->close();
    stream_.reset();
    io_.restart();
    io_.poll();
}

bool ScriptedAgent::connect() {
    asio::ip::tcp::socket socket(io_);
    boost::system::error_code ec;
    socket.connect({asio::ip::make_address("127.0.0.1"), port_}, ec);
    if (ec) return false;
    stream_.emplace(std::move(socket), context_);
    return run(io_, [&] { return stream_->connect(server_name, steady_clock::now() + std::chrono::seconds(10)); })
        .has_value();
}

bool ScriptedAgent::send(ByteView bytes) {
    return run(io_, [&] { return stream_->write_all(bytes, steady_clock::now() + std::chrono::seconds(10)); })
        .has_value();
}

std::optional<wire::Frame> ScriptedAgent::hear() {
    for (;;) {
        auto frame = parser_.next();
        if (!frame) return std::nullopt;
        if (*frame) return std::move(**frame);
        Bytes buffer(16 * 1024);
        const auto got =
            run(io_, [&] { return stream_->read_some(buffer, steady_clock::now() + std::chrono::seconds(10)); });
        if (!got) return std::nullopt;
        parser_.feed(ByteView(buffer).first(*got));
    }
}

std::optional<wire::RefuseCode> ScriptedAgent::refusal() {
    const auto refuse = hear<wire::Refuse>(wire::FrameType::refuse);
    return refuse ? std::optional(refuse->code) : std::nullopt;
}

std::optional<wire::Welcome> ScriptedAgent::greet(const wire::Hello& words) {
    if (!connect() || !say(wire::FrameType::hello, words)) return std::nullopt;
    const auto frame = hear();
    if (!frame || frame->type != wire::FrameType::welcome) return std::nullopt;
    return wire::decode<wire::Welcome>(frame->payload).value();
}

wire::Hello hello(const std::string& boot, std::uint64_t epoch) {
    wire::Hello out;
    out.version = wire::limits::protocol_version;
    out.software = "scripted 1";
    out.host_name = "pc1";
    out.spool_epoch = epoch;
    out.boot.boot_id = boot;
    out.boot.device_wall_at_zero_ms = system_clock().wall().time_since_epoch().count() - 1'000'000;
    out.mono_ms = 1'000'000;
    return out;
}

wire::Names names(std::size_t n) {
    wire::Names out;
    for (std::size_t i = 0; i < n; ++i) out.names.push_back({"icmp.rtt_median", "t" + std::to_string(i), "ms"});
    return out;
}

wire::Batch samples(std::uint64_t seq, std::size_t series, const std::string& boot) {
    wire::SampleBody body;
    for (std::size_t s = 0; s < series; ++s)
        body.columns.push_back(
            {static_cast<wire::SeriesId>(s + 1), {900'000, 930'000}, {1.25, static_cast<double>(seq)}});
    wire::Batch out;
    out.seq = seq;
    out.boot.boot_id = boot;
    out.sent_mono_ms = 1'000'000;
    out.body = wire::encode(body);
    return out;
}

std::variant<Credentials, wire::RefuseCode> enrol(House& house, const std::string& token) {
    return enrol(house.listener->port(), house.authority->certificate_pem(), token);
}

std::variant<Credentials, wire::RefuseCode> enrol(std::uint16_t port, const std::string& authority_pem,
                                                  const std::string& token) {
    auto key = must(x509::make_key());
    wire::Enrol wanted;
    wanted.token_secret = must(wire::parse_token(token)).secret;
    wanted.request_pem = must(x509::make_request(key.private_pem, "whatever"));
    wanted.host_name = "pc1";
    ScriptedAgent agent(port, authority_pem, std::nullopt, wire::limits::alpn_enrol);
    if (!agent.connect() || !agent.say(wire::FrameType::enrol, wanted)) throw std::runtime_error("cannot enrol");
    const auto frame = agent.hear();
    if (!frame) throw std::runtime_error("no answer to the enrolment");
    if (frame->type == wire::FrameType::refuse) return must(wire::decode<wire::Refuse>(frame->payload)).code;
    auto certificate = must(wire::decode<wire::Certificate>(frame->payload));
    return Credentials{{key.private_pem, certificate.chain_pem}, certificate.agent_id};
}

Credentials enrolled(House& house) { return std::get<Credentials>(enrol(house, house.token())); }

}  // namespace vg::collector::test
