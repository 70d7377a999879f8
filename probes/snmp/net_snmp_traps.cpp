// Traps and informs by net-snmp, waited for by Asio.
#include "probes/snmp/net_snmp.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <utility>

namespace vg::probes::snmp {
namespace {

namespace asio = boost::asio;

std::string source_of(const sockaddr_storage& from) {
    char out[INET6_ADDRSTRLEN] = {};
    if (from.ss_family == AF_INET)
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(from).sin_addr, out, sizeof out);
    else if (from.ss_family == AF_INET6)
        ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(from).sin6_addr, out, sizeof out);
    const std::string text = out;
    return text.starts_with("::ffff:") ? text.substr(7) : text;
}

class NetSnmpTraps final : public TrapSocket {
public:
    NetSnmpTraps(asio::io_context& io, const Library& lib, User user)
        : lib_(lib), socket_(io), user_(std::move(user)), buffer_(65'536) {}
    ~NetSnmpTraps() override {
        if (!handle_) return;
        (void)socket_.release();
        lib_.close(handle_);
    }
    NetSnmpTraps(const NetSnmpTraps&) = delete;
    NetSnmpTraps& operator=(const NetSnmpTraps&) = delete;

    Result<void> open(const TrapDoor& door) {
        auto place = std::string(door.is_v6 ? "udp6:" : "udp:");
        if (!door.address.empty()) place += door.is_v6 ? "[" + door.address + "]:" : door.address + ":";
        place += std::to_string(door.port);
        auto* transport = lib_.open_server("snmptrap", place.c_str());
        if (!transport)
            return fail(Errc::unavailable,
                        say({"không nghe được ở cổng UDP {}: đã có chương trình khác dùng, hoặc không có quyền",
                             "UDP port {} cannot be listened on: another program has it, or permission "
                             "is missing"},
                            door.port));
        netsnmp_session s;
        lib_.sess_init(&s);
        s.peername = nullptr;
        s.version = SNMP_DEFAULT_VERSION;
        s.community_len = SNMP_DEFAULT_COMMUNITY_LEN;
        s.retries = SNMP_DEFAULT_RETRIES;
        s.timeout = SNMP_DEFAULT_TIMEOUT;
        s.callback = &NetSnmpTraps::on_message;
        s.callback_magic = this;
        s.isAuthoritative = SNMP_SESS_UNKNOWNAUTH;
        handle_ = lib_.add_session(&s, transport, nullptr, nullptr);
        if (!handle_)
            return fail(Errc::unavailable, say({"net-snmp không nghe được: {}", "net-snmp cannot listen: {}"},
                                               lib_.error_text(s.s_snmp_errno)));
        socket_.assign(lib_.transport_of(handle_)->sock);
        if (user_.name.empty()) return {};
        u_char engine[64];
        const auto size = lib_.own_engine(engine, sizeof engine);  // informs are sent to ours
        return know({reinterpret_cast<const char*>(engine), size});
    }

    asio::awaitable<Result<std::vector<ReceivedTrap>>> receive() override {
        received_.clear();
        while (received_.empty() && !is_stopped_) {
            boost::system::error_code error;
            co_await socket_.async_wait(asio::posix::descriptor_base::wait_read,
                                        asio::redirect_error(asio::use_awaitable, error));
            if (error) is_stopped_ = true;
            for (int i = 0; i < most_at_once && !error && !is_stopped_ && look_ahead(); ++i) read();
        }
        if (received_.empty()) co_return fail(Errc::cancelled, say({"đã dừng", "stopped"}));
        co_return std::exchange(received_, {});
    }
    void stop() override {
        is_stopped_ = true;
        boost::system::error_code ignored;
        socket_.cancel(ignored);
    }
    std::uint16_t port() const override {
        sockaddr_storage own{};
        socklen_t size = sizeof own;
        if (::getsockname(lib_.transport_of(handle_)->sock, reinterpret_cast<sockaddr*>(&own), &size) != 0) return 0;
        return ntohs(own.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(own).sin6_port
                                               : reinterpret_cast<sockaddr_in&>(own).sin_port);
    }

private:
    static constexpr int most_at_once = 50;
    static constexpr std::size_t most_engines = 2'000;

    // The next message's sender. A user's keys belong to an engine (RFC 3414, 2.6): they are made when one is met.
    bool look_ahead() {
        sockaddr_storage from{};
        socklen_t size = sizeof from;
        const auto n = ::recvfrom(lib_.transport_of(handle_)->sock, buffer_.data(), buffer_.size(),
                                  MSG_PEEK | MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&from), &size);
        if (n < 0) return false;
        source_ = source_of(from);
        if (user_.name.empty()) return true;
        const auto sender = v3_sender({buffer_.data(), static_cast<std::size_t>(n)});
        if (sender && sender->user == user_.name && sender->engine_id.size() >= 5) (void)know(sender->engine_id);
        return true;
    }

    Result<void> know(const std::string& engine) {
        auto* id = reinterpret_cast<u_char*>(const_cast<char*>(engine.data()));
        if (lib_.find_user(id, engine.size(), user_.name.c_str())) return {};
        if (++engines_ > most_engines)
            return fail(Errc::invalid_input, say({"quá nhiều bộ máy SNMPv3", "too many engines"}));
        netsnmp_session s;
        lib_.sess_init(&s);
        if (auto done = add_user(lib_, user_, s); !done) return done;
        s.securityEngineID = id;
        s.securityEngineIDLen = engine.size();
        if (lib_.create_user_of(&s) != SNMPERR_SUCCESS) return no_keys();
        return {};
    }

    void read() { read_socket(lib_, handle_, socket_.native_handle()); }

    static int on_message(int operation, netsnmp_session*, int, netsnmp_pdu* pdu, void* self) {
        if (operation == NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE && pdu) static_cast<NetSnmpTraps*>(self)->take(*pdu);
        return 1;
    }

    void take(netsnmp_pdu& pdu) {
        if (pdu.command != SNMP_MSG_TRAP && pdu.command != SNMP_MSG_TRAP2 && pdu.command != SNMP_MSG_INFORM) return;
        ReceivedTrap received;
        auto& trap = received.trap;
        trap.source = source_;
        trap.version = pdu.version == SNMP_VERSION_1 ? "1" : pdu.version == SNMP_VERSION_3 ? "3" : "2c";
        trap.is_inform = pdu.command == SNMP_MSG_INFORM;
        if (pdu.version == SNMP_VERSION_1) {
            for (std::size_t i = 0; i < pdu.enterprise_length; ++i)
                trap.enterprise.push_back(static_cast<std::uint32_t>(pdu.enterprise[i]));
            trap.generic = pdu.trap_type;
            trap.specific = pdu.specific_type;
        }
        trap.bindings = answer_of(pdu).bindings;
        if (pdu.community) received.community.assign(reinterpret_cast<const char*>(pdu.community), pdu.community_len);
        if (received_.size() < 10'000) received_.push_back(std::move(received));
        if (pdu.command == SNMP_MSG_INFORM) confirm(pdu);
    }

    void confirm(netsnmp_pdu& inform) {
        auto* reply = lib_.pdu_clone(&inform);
        if (!reply) return;
        reply->command = SNMP_MSG_RESPONSE;
        reply->errstat = 0;
        reply->errindex = 0;
        if (lib_.reply(handle_, reply) == 0) lib_.pdu_free(reply);
    }

    const Library& lib_;
    void* handle_ = nullptr;
    asio::posix::stream_descriptor socket_;
    User user_;
    Bytes buffer_;
    std::string source_;
    std::vector<ReceivedTrap> received_;
    std::size_t engines_ = 0;
    bool is_stopped_ = false;
};

}  // namespace

Result<std::unique_ptr<TrapSocket>> open_trap_socket(asio::io_context& io, const TrapDoor& door) {
    const auto* lib = library();
    if (!lib) return no_library();
    auto socket = std::make_unique<NetSnmpTraps>(io, *lib, door.user);
    if (auto done = socket->open(door); !done) return done.error();
    return std::unique_ptr<TrapSocket>(std::move(socket));
}

}  // namespace vg::probes::snmp
