// Owner of net-snmp (version 5.9). Loaded when the first device is asked, without configuration files and MIB texts.
#include "probes/snmp/session.hpp"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/library/large_fd_set.h>
#include <net-snmp/library/scapi.h>
#include <net-snmp/net-snmp-includes.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <sys/socket.h>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace vg::probes::snmp {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct Library {
    void* handle = nullptr;
    decltype(&init_snmp) init = nullptr;
    decltype(&snmp_sess_init) sess_init = nullptr;
    decltype(&snmp_sess_open) open = nullptr;
    decltype(&snmp_sess_close) close = nullptr;
    decltype(&snmp_sess_session) session_of = nullptr;
    decltype(&snmp_sess_transport) transport_of = nullptr;
    decltype(&snmp_sess_async_send) send = nullptr;
    decltype(&snmp_sess_read2) read = nullptr;
    decltype(&snmp_sess_timeout) tick = nullptr;
    decltype(&netsnmp_large_fd_set_init) set_init = nullptr;
    decltype(&netsnmp_large_fd_setfd) set_add = nullptr;
    decltype(&netsnmp_large_fd_set_cleanup) set_free = nullptr;
    decltype(&snmp_pdu_create) pdu_create = nullptr;
    decltype(&snmp_add_null_var) add_null = nullptr;
    decltype(&snmp_free_pdu) pdu_free = nullptr;
    decltype(&snmp_disable_log) disable_log = nullptr;
    decltype(&netsnmp_ds_set_boolean) set_boolean = nullptr;
    decltype(&generate_Ku) make_key = nullptr;
    decltype(&snmp_api_errstring) error_text = nullptr;
    decltype(&usm_get_user) find_user = nullptr;
    decltype(&usm_create_user) create_user = nullptr;
    decltype(&usm_create_user_from_session) create_user_of = nullptr;
    decltype(&usm_add_user) add_user = nullptr;
    decltype(&usm_remove_user) remove_user = nullptr;
    decltype(&usm_free_user) free_user = nullptr;
    decltype(&netsnmp_transport_open_server) open_server = nullptr;
    decltype(&snmp_sess_add) add_session = nullptr;
    decltype(&snmp_sess_send) reply = nullptr;
    decltype(&snmp_clone_pdu) pdu_clone = nullptr;
    decltype(&snmpv3_get_engineID) own_engine = nullptr;
    decltype(&usm_lookup_auth_type) auth_type = nullptr;
    decltype(&usm_lookup_priv_type) privacy_type = nullptr;
    decltype(&sc_get_auth_oid) auth_oid = nullptr;
    decltype(&sc_get_priv_oid) privacy_oid = nullptr;
    bool missing = false;

    template <class F>
    void find(F& function, const char* name) {
        function = reinterpret_cast<F>(::dlsym(handle, name));
        missing |= function == nullptr;
    }

    bool load() {
        handle = ::dlopen("libnetsnmp.so.40", RTLD_NOW | RTLD_LOCAL);
        if (!handle) return false;
        find_all();
        if (missing) return false;
        ::setenv("MIBS", "", 1);  // only numbers are spoken
        for (const int what : {NETSNMP_DS_LIB_DONT_READ_CONFIGS, NETSNMP_DS_LIB_DONT_PERSIST_STATE,
                               NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD, NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE})
            set_boolean(NETSNMP_DS_LIBRARY_ID, what, 1);
        disable_log();
        init("vonggac");
        disable_log();
        add_nobody();
        return true;
    }

private:
    void find_all() {
        find(init, "init_snmp");
        find(sess_init, "snmp_sess_init");
        find(open, "snmp_sess_open");
        find(close, "snmp_sess_close");
        find(session_of, "snmp_sess_session");
        find(transport_of, "snmp_sess_transport");
        find(send, "snmp_sess_async_send");
        find(read, "snmp_sess_read2");
        find(tick, "snmp_sess_timeout");
        find(set_init, "netsnmp_large_fd_set_init");
        find(set_add, "netsnmp_large_fd_setfd");
        find(set_free, "netsnmp_large_fd_set_cleanup");
        find(pdu_create, "snmp_pdu_create");
        find(add_null, "snmp_add_null_var");
        find(pdu_free, "snmp_free_pdu");
        find(disable_log, "snmp_disable_log");
        find(set_boolean, "netsnmp_ds_set_boolean");
        find(make_key, "generate_Ku");
        find(error_text, "snmp_api_errstring");
        find(find_user, "usm_get_user");
        find(create_user, "usm_create_user");
        find(create_user_of, "usm_create_user_from_session");
        find(add_user, "usm_add_user");
        find(remove_user, "usm_remove_user");
        find(free_user, "usm_free_user");
        find(open_server, "netsnmp_transport_open_server");
        find(add_session, "snmp_sess_add");
        find(reply, "snmp_sess_send");
        find(pdu_clone, "snmp_clone_pdu");
        find(own_engine, "snmpv3_get_engineID");
        find(auth_type, "usm_lookup_auth_type");
        find(privacy_type, "usm_lookup_priv_type");
        find(auth_oid, "sc_get_auth_oid");
        find(privacy_oid, "sc_get_priv_oid");
    }

    // The user without a name, engine and keys, as whom an engine is asked for its id (RFC 3414, section 4).
    void add_nobody() const {
        auto* nobody = create_user();
        if (!nobody) return;
        nobody->name = ::strdup("");
        nobody->secName = ::strdup("");
        std::free(nobody->authProtocol);
        std::free(nobody->privProtocol);
        nobody->authProtocol = copy({1, 3, 6, 1, 6, 3, 10, 1, 1, 1}, nobody->authProtocolLen);
        nobody->privProtocol = copy({1, 3, 6, 1, 6, 3, 10, 1, 2, 1}, nobody->privProtocolLen);
        add_user(nobody);
    }
    static oid* copy(const std::vector<oid>& from, std::size_t& size) {
        size = from.size();
        auto* to = static_cast<oid*>(std::calloc(from.size(), sizeof(oid)));
        if (to) std::copy(from.begin(), from.end(), to);
        return to;
    }
};

const Library* library() {
    static Library loaded;
    static const bool good = loaded.load();
    return good ? &loaded : nullptr;
}

Value value_of(const variable_list& v) {
    switch (v.type) {
        case ASN_INTEGER:
            if (v.val_len != sizeof(long)) return {};
            return static_cast<std::int64_t>(static_cast<std::int32_t>(*v.val.integer));
        case ASN_COUNTER:
        case ASN_GAUGE:  // ASN_UNSIGNED is the same
        case ASN_TIMETICKS:
            if (v.val_len != sizeof(long)) return {};
            return static_cast<std::uint64_t>(*v.val.integer) & 0xffffffffu;
        case ASN_COUNTER64:
            if (v.val_len != sizeof(counter64)) return {};
            return (static_cast<std::uint64_t>(v.val.counter64->high) << 32) |
                   (static_cast<std::uint64_t>(v.val.counter64->low) & 0xffffffffu);
        case ASN_OCTET_STR:
        case ASN_OPAQUE:
        case ASN_IPADDRESS:
            if (v.val_len == 0 || !v.val.string) return std::string{};
            return std::string(reinterpret_cast<const char*>(v.val.string), v.val_len);
        case ASN_OBJECT_ID: {
            Oid id;
            for (std::size_t i = 0; i < v.val_len / sizeof(oid); ++i)
                id.push_back(static_cast<std::uint32_t>(v.val.objid[i]));
            return id;
        }
        default: return {};
    }
}

Answer answer_of(const netsnmp_pdu& pdu) {
    Answer answer;
    answer.error = static_cast<int>(pdu.errstat);
    answer.error_index = static_cast<int>(pdu.errindex);
    for (const auto* v = pdu.variables; v; v = v->next_variable) {
        Binding binding;
        for (std::size_t i = 0; i < v->name_length; ++i) binding.oid.push_back(static_cast<std::uint32_t>(v->name[i]));
        binding.value = value_of(*v);
        answer.bindings.push_back(std::move(binding));
    }
    return answer;
}

// What a report (RFC 3414, usmStats) complains about.
enum class Complaint { none, clock, engine, access };
Complaint complaint_of(const netsnmp_pdu& report) {
    static constexpr std::array<oid, 9> stats{1, 3, 6, 1, 6, 3, 15, 1, 1};
    const auto* v = report.variables;
    if (!v || v->name_length < 10 || !std::equal(stats.begin(), stats.end(), v->name)) return Complaint::none;
    switch (v->name[9]) {
        case 1:                            // unsupported security level
        case 3:                            // unknown user
        case 5:                            // wrong digest
        case 6: return Complaint::access;  // decryption error
        case 2: return Complaint::clock;   // not in the time window
        case 4: return Complaint::engine;  // unknown engine id: how engines introduce themselves
        default: return Complaint::none;
    }
}

int type_of(Ask ask) {
    switch (ask) {
        case Ask::get: return SNMP_MSG_GET;
        case Ask::next: return SNMP_MSG_GETNEXT;
        case Ask::bulk: return SNMP_MSG_GETBULK;
    }
    return SNMP_MSG_GET;
}

class NetSnmpSession final : public Session {
public:
    NetSnmpSession(asio::io_context& io, const Library& lib, void* handle)
        : lib_(lib), handle_(handle), socket_(io), timer_(io) {
        socket_.assign(lib_.transport_of(handle_)->sock);
    }
    ~NetSnmpSession() override {
        forget_user();
        (void)socket_.release();  // the library closes it
        lib_.close(handle_);
    }
    NetSnmpSession(const NetSnmpSession&) = delete;
    NetSnmpSession& operator=(const NetSnmpSession&) = delete;

    asio::awaitable<Result<Answer>> ask(Request request, Until deadline) override {
        if (is_v3() && known().securityEngineIDLen == 0) {
            const auto met = co_await meet(deadline);
            if (!met) co_return met.error();
        }
        auto* pdu = lib_.pdu_create(type_of(request.ask));
        if (!pdu) co_return fail(Errc::unavailable, "no memory for a question");
        if (request.ask == Ask::bulk) {
            pdu->non_repeaters = 0;
            pdu->max_repetitions = request.rows;
        }
        for (const auto& id : request.oids) {
            const std::vector<oid> name(id.begin(), id.end());
            lib_.add_null(pdu, name.data(), name.size());
        }
        co_return co_await exchange(pdu, deadline);
    }

    std::string engine_id() const override {
        const auto& s = known();
        if (!is_v3() || !s.securityEngineID) return {};
        return {reinterpret_cast<const char*>(s.securityEngineID), s.securityEngineIDLen};
    }
    bool can_bulk() const override { return known().version != SNMP_VERSION_1; }

private:
    netsnmp_session& known() const { return *lib_.session_of(handle_); }
    bool is_v3() const { return known().version == SNMP_VERSION_3; }

    // The engine's id and clock, by a question that it must refuse.
    asio::awaitable<Result<void>> meet(Until deadline) {
        auto* pdu = lib_.pdu_create(SNMP_MSG_GET);
        if (!pdu) co_return fail(Errc::unavailable, "no memory for a question");
        pdu->version = SNMP_VERSION_3;
        pdu->securityName = ::strdup("");
        pdu->securityNameLen = 0;
        pdu->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
        pdu->securityModel = SNMP_SEC_MODEL_USM;
        const auto answer = co_await exchange(pdu, deadline);
        auto& s = known();
        if (s.securityEngineIDLen == 0) {
            if (!answer) co_return answer.error();
            co_return fail(Errc::unavailable, "the agent did not tell its engine id");
        }
        if (lib_.create_user_of(&s) != SNMPERR_SUCCESS)
            co_return fail(Errc::unavailable, "no keys for this engine could be made");
        co_return Result<void>{};
    }

    asio::awaitable<Result<Answer>> exchange(netsnmp_pdu* pdu, Until deadline) {
        result_.reset();
        if (std::chrono::steady_clock::now() >= deadline) {
            lib_.pdu_free(pdu);
            co_return fail(Errc::timed_out, "the deadline passed");
        }
        if (lib_.send(handle_, pdu, &NetSnmpSession::on_answer, this) == 0) {
            const int code = known().s_snmp_errno;
            lib_.pdu_free(pdu);
            co_return fail(Errc::unavailable, lib_.error_text(code));
        }
        while (!result_) {
            const auto now = std::chrono::steady_clock::now();
            if (now >= deadline) co_return fail(Errc::timed_out, "no answer");
            const auto patience = std::chrono::microseconds(known().timeout) + 2ms;
            const bool has_come = co_await readable(std::min<Until>(deadline, now + patience));
            if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none)
                co_return fail(Errc::cancelled, "The question was stopped.");
            if (has_come)
                read();
            else
                lib_.tick(handle_);  // sends again, or gives up
        }
        co_return std::move(*result_);
    }

    asio::awaitable<bool> readable(Until until) {
        timer_.expires_at(until);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (error) return;
            boost::system::error_code ignored;
            socket_.cancel(ignored);
        });
        boost::system::error_code error;
        co_await socket_.async_wait(asio::posix::descriptor_base::wait_read,
                                    asio::redirect_error(asio::use_awaitable, error));
        timer_.cancel();
        co_return !error;
    }

    void read() {
        netsnmp_large_fd_set set;
        const int fd = socket_.native_handle();
        lib_.set_init(&set, fd + 1);
        lib_.set_add(fd, &set);
        lib_.read(handle_, &set);
        lib_.set_free(&set);
    }

    static int on_answer(int operation, netsnmp_session* session, int, netsnmp_pdu* pdu, void* self) {
        static_cast<NetSnmpSession*>(self)->take(operation, *session, pdu);
        return 1;
    }

    void take(int operation, netsnmp_session& session, netsnmp_pdu* pdu) {
        switch (operation) {
            case NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE:
                if (pdu && pdu->command == SNMP_MSG_REPORT)
                    take_report(session, *pdu);
                else if (pdu)
                    result_.emplace(answer_of(*pdu));
                break;
            case NETSNMP_CALLBACK_OP_TIMED_OUT: result_.emplace(fail(Errc::timed_out, "no answer")); break;
            case NETSNMP_CALLBACK_OP_SEC_ERROR:
                result_.emplace(fail(Errc::unauthorised, "the agent's answer does not fit the user's keys"));
                break;
            case NETSNMP_CALLBACK_OP_SEND_FAILED:
            case NETSNMP_CALLBACK_OP_DISCONNECT:
                result_.emplace(fail(Errc::unavailable, "the question could not be sent"));
                break;
            default: break;
        }
    }

    void take_report(netsnmp_session& session, const netsnmp_pdu& report) {
        if (session.securityEngineIDLen == 0 && report.securityEngineIDLen > 0) {
            session.securityEngineID = static_cast<u_char*>(std::malloc(report.securityEngineIDLen));
            if (!session.securityEngineID) return;
            std::memcpy(session.securityEngineID, report.securityEngineID, report.securityEngineIDLen);
            session.securityEngineIDLen = report.securityEngineIDLen;
        }
        switch (complaint_of(report)) {
            case Complaint::clock: return;  // the library has set its clock and asks again
            case Complaint::engine: result_.emplace(fail(Errc::unavailable, "another engine answers now")); return;
            case Complaint::access:
                result_.emplace(fail(Errc::unauthorised, "the agent does not accept this user, its password or level"));
                return;
            case Complaint::none: result_.emplace(fail(Errc::unavailable, "the agent reports an error")); return;
        }
    }

    // The library keeps users with their keys for the process's life; a changed password would never be tried.
    void forget_user() const {
        const auto& s = known();
        if (!is_v3() || !s.securityName || s.securityEngineIDLen == 0) return;
        const std::string name(s.securityName, s.securityNameLen);
        auto* user = lib_.find_user(s.securityEngineID, s.securityEngineIDLen, name.c_str());
        if (!user) return;
        (void)lib_.remove_user(user);
        (void)lib_.free_user(user);
    }

    const Library& lib_;
    void* handle_;
    asio::posix::stream_descriptor socket_;
    asio::steady_timer timer_;
    std::optional<Result<Answer>> result_;  // of the question under way
};

struct Protocol {
    oid* id = nullptr;
    std::size_t size = 0;
};

Protocol auth_protocol(const Library& lib, const std::string& name) {
    Protocol p;
    const int type = lib.auth_type(name.c_str());
    if (type > 0) p.id = lib.auth_oid(type, &p.size);
    return p;
}

Protocol privacy_protocol(const Library& lib, const std::string& name) {
    Protocol p;
    const int type = lib.privacy_type(name.c_str());
    if (type > 0) p.id = lib.privacy_oid(type, &p.size);
    return p;
}

Result<void> add_key(const Library& lib, const Protocol& auth, const std::string& password, u_char* key,
                     std::size_t& size) {
    if (lib.make_key(auth.id, static_cast<u_int>(auth.size),
                     reinterpret_cast<u_char*>(const_cast<char*>(password.data())), password.size(), key, &size) != 0)
        return fail(Errc::invalid_input, "an SNMPv3 password needs at least 8 characters");
    return {};
}

Result<void> add_user(const Library& lib, const User& user, netsnmp_session& s) {
    s.version = SNMP_VERSION_3;
    s.flags |= SNMP_FLAGS_DONT_PROBE;  // it would block
    s.securityModel = SNMP_SEC_MODEL_USM;
    s.securityName = const_cast<char*>(user.name.data());
    s.securityNameLen = user.name.size();
    s.securityLevel = SNMP_SEC_LEVEL_NOAUTH;
    if (user.auth_password.empty()) return {};
    const auto auth = auth_protocol(lib, user.auth_protocol);
    if (!auth.id) return fail(Errc::invalid_input, "this machine's net-snmp does not know " + user.auth_protocol);
    s.securityLevel = user.privacy_password.empty() ? SNMP_SEC_LEVEL_AUTHNOPRIV : SNMP_SEC_LEVEL_AUTHPRIV;
    s.securityAuthProto = auth.id;
    s.securityAuthProtoLen = auth.size;
    s.securityAuthKeyLen = USM_AUTH_KU_LEN;
    if (auto done = add_key(lib, auth, user.auth_password, s.securityAuthKey, s.securityAuthKeyLen); !done) return done;
    if (user.privacy_password.empty()) return {};
    const auto privacy = privacy_protocol(lib, user.privacy_protocol);
    if (!privacy.id) return fail(Errc::invalid_input, "this machine's net-snmp does not know " + user.privacy_protocol);
    s.securityPrivProto = privacy.id;
    s.securityPrivProtoLen = privacy.size;
    s.securityPrivKeyLen = USM_PRIV_KU_LEN;
    return add_key(lib, auth, user.privacy_password, s.securityPrivKey, s.securityPrivKeyLen);
}

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
        if (!transport) return fail(Errc::unavailable, "port " + std::to_string(door.port) + " cannot be listened on");
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
        if (!handle_) return fail(Errc::unavailable, lib_.error_text(s.s_snmp_errno));
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
        if (received_.empty()) co_return fail(Errc::cancelled, "stopped");
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
        if (++engines_ > most_engines) return fail(Errc::invalid_input, "too many engines");
        netsnmp_session s;
        lib_.sess_init(&s);
        if (auto done = add_user(lib_, user_, s); !done) return done;
        s.securityEngineID = id;
        s.securityEngineIDLen = engine.size();
        if (lib_.create_user_of(&s) != SNMPERR_SUCCESS)
            return fail(Errc::unavailable, "no keys for this engine could be made");
        return {};
    }

    void read() {
        netsnmp_large_fd_set set;
        const int fd = socket_.native_handle();
        lib_.set_init(&set, fd + 1);
        lib_.set_add(fd, &set);
        lib_.read(handle_, &set);
        lib_.set_free(&set);
    }

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

bool knows_auth(const std::string& protocol) {
    for (const auto* name : {"SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512"})
        if (protocol == name) return true;
    return false;
}

bool knows_privacy(const std::string& protocol) {
    for (const auto* name : {"AES", "AES-192", "AES-256"})
        if (protocol == name) return true;
    return false;
}

Result<std::unique_ptr<Session>> open_session(asio::io_context& io, const Access& access,
                                              std::chrono::milliseconds patience) {
    const auto* lib = library();
    if (!lib) return fail(Errc::unavailable, "net-snmp (libnetsnmp.so.40) is not on this machine");
    netsnmp_session s;
    lib->sess_init(&s);
    auto peer = (access.is_v6 ? "udp6:" : "udp:") + access.address;
    s.peername = peer.data();
    s.retries = 1;
    s.timeout = static_cast<long>(std::chrono::microseconds(patience).count());
    auto community = access.community;
    auto context = access.context;
    s.contextName = context.data();
    s.contextNameLen = context.size();
    if (access.version == Version::v3) {
        if (auto done = add_user(*lib, access.user, s); !done) return done.error();
    } else {
        s.version = access.version == Version::v1 ? SNMP_VERSION_1 : SNMP_VERSION_2c;
        s.community = reinterpret_cast<u_char*>(community.data());
        s.community_len = community.size();
    }
    void* handle = lib->open(&s);
    if (!handle) return fail(Errc::unavailable, std::string("no SNMP session: ") + lib->error_text(s.s_snmp_errno));
    return std::unique_ptr<Session>(std::make_unique<NetSnmpSession>(io, *lib, handle));
}

Result<std::unique_ptr<TrapSocket>> open_trap_socket(asio::io_context& io, const TrapDoor& door) {
    const auto* lib = library();
    if (!lib) return fail(Errc::unavailable, "net-snmp (libnetsnmp.so.40) is not on this machine");
    auto socket = std::make_unique<NetSnmpTraps>(io, *lib, door.user);
    if (auto done = socket->open(door); !done) return done.error();
    return std::unique_ptr<TrapSocket>(std::move(socket));
}

}  // namespace vg::probes::snmp
