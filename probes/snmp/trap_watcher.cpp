#include "probes/options.hpp"
#include "probes/snmp/session.hpp"
#include "probes/snmp/snmp.hpp"
#include "probes/snmp/user_options.hpp"

#include <boost/asio/ip/address.hpp>

#include <charconv>

namespace vg::probes {
namespace {

using namespace snmp;

constexpr std::uint16_t default_port = 10162;  // 162 is for those who may open it
constexpr std::size_t most_in_a_window = 200;
constexpr auto window = std::chrono::seconds(10);

class TrapWatcher final : public Watcher {
public:
    TrapWatcher(std::string id, TrapDoor door, std::string community, Surroundings around)
        : id_(std::move(id)), door_(std::move(door)), community_(std::move(community)), around_(around) {}

    asio::awaitable<Result<void>> watch(Emit emit) override {
        auto opened = open_trap_socket(around_.io, door_);
        if (!opened) co_return opened.error();
        socket_ = std::move(*opened);
        Result<void> end;
        while (true) {
            auto traps = co_await socket_->receive();
            if (!traps) {
                if (traps.error().code != Errc::cancelled) end = traps.error();
                break;
            }
            tell(*traps, emit);
        }
        socket_.reset();
        co_return end;
    }
    void stop() override {
        if (socket_) socket_->stop();
    }

private:
    // A flood is counted, not told.
    void tell(const std::vector<ReceivedTrap>& traps, const Emit& emit) {
        wire::Observation o;
        o.probe = id_;
        o.at = around_.clock.mono();
        if (o.at - window_at_ >= window) {
            window_at_ = o.at;
            told_ = 0;
        }
        for (const auto& received : traps) {
            const bool is_known =
                community_.empty() || received.trap.version == "3" || received.community == community_;
            if (!is_known) continue;
            if (++told_ > most_in_a_window) {
                ++unsaid_;
                continue;
            }
            auto event = event_of(received.trap, o.at);
            if (unsaid_ > 0) event.fields.emplace_back("others_dropped", std::to_string(std::exchange(unsaid_, 0)));
            o.events.push_back(std::move(event));
        }
        if (!o.events.empty()) emit(std::move(o));
    }

    std::string id_;
    TrapDoor door_;
    std::string community_;
    Surroundings around_;
    std::unique_ptr<TrapSocket> socket_;
    Mono window_at_{};
    std::size_t told_ = 0, unsaid_ = 0;
};

// "", "10162", "0.0.0.0:162", "[::]:162"
bool read_door(const std::string& target, TrapDoor& door) {
    door.port = default_port;
    if (target.empty()) return true;
    const auto colon = target.rfind(':');
    const auto digits = colon == std::string::npos ? target : target.substr(colon + 1);
    auto host = colon == std::string::npos ? std::string() : target.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    const auto [at, error] = std::from_chars(digits.data(), digits.data() + digits.size(), door.port);
    if (error != std::errc{} || at != digits.data() + digits.size()) return false;
    if (host.empty()) return true;
    boost::system::error_code bad;
    const auto address = asio::ip::make_address(host, bad);
    door.address = host;
    door.is_v6 = !bad && address.is_v6();
    return !bad;
}

std::unique_ptr<Watcher> make_watcher(const Task& task, Surroundings around, Problems& problems) {
    Options options(task, problems);
    TrapDoor door;
    if (!read_door(task.target, door))
        options.complain("target", {"snmp_trap cần đích là cổng hoặc ĐỊA-CHỈ:CỔNG để nghe",
                                    "snmp_trap needs a port or ADDRESS:PORT to listen on"});
    if (options.node("user")) door.user = read_user(options);
    const auto community = options.text("community");
    if (!options.ok()) return nullptr;
    return std::make_unique<TrapWatcher>(task.id, std::move(door), community, around);
}

}  // namespace

Kind snmp_trap_kind() {
    Kind kind;
    kind.name = "snmp_trap";
    kind.vi = "Nhận trap và inform SNMP (v1, v2c, v3) từ thiết bị";
    kind.en = "Receives SNMP traps and informs (v1, v2c, v3) from devices";
    kind.target_help = "port, or address:port to listen on; 10162 when left out";
    kind.options = {{"community", "text", "-", "chỉ nhận chuỗi cộng đồng này (1, 2c)",
                     "take only traps with this community (1, 2c)"}};
    const auto user = user_options();
    kind.options.insert(kind.options.end(), user.begin(), user.end());
    kind.make_watcher = make_watcher;
    return kind;
}

}  // namespace vg::probes
