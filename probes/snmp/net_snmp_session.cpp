// Questions by net-snmp, waited for by Asio.
#include "probes/snmp/net_snmp.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace vg::probes::snmp {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

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

Error no_memory() { return fail(Errc::unavailable, say({"hết bộ nhớ", "no memory for a question"})); }
Error no_answer() { return fail(Errc::timed_out, say({"không trả lời", "no answer"})); }

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
        known().flags |= SNMP_FLAGS_DONT_PROBE;  // opening took it away; without it sending would ask first, and block
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
        if (!pdu) co_return no_memory();
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
        if (!pdu) co_return no_memory();
        pdu->version = SNMP_VERSION_3;
        pdu->securityName = ::strdup("");
        pdu->securityNameLen = 0;
        pdu->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
        pdu->securityModel = SNMP_SEC_MODEL_USM;
        const auto answer = co_await exchange(pdu, deadline);
        auto& s = known();
        if (s.securityEngineIDLen == 0) {
            if (!answer) co_return answer.error();
            co_return fail(Errc::unavailable, say({"thiết bị không cho biết mã bộ máy (engine id)",
                                                   "the device did not tell its engine id"}));
        }
        if (lib_.create_user_of(&s) != SNMPERR_SUCCESS) co_return no_keys();
        co_return Result<void>{};
    }

    asio::awaitable<Result<Answer>> exchange(netsnmp_pdu* pdu, Until deadline) {
        result_.reset();
        if (std::chrono::steady_clock::now() >= deadline) {
            lib_.pdu_free(pdu);
            co_return fail(Errc::timed_out, say({"đã hết thời hạn", "the deadline passed"}));
        }
        asked_ = lib_.send(handle_, pdu, &NetSnmpSession::on_answer, this);
        if (asked_ == 0) {
            const int code = known().s_snmp_errno;
            lib_.pdu_free(pdu);
            co_return fail(Errc::unavailable, say({"không gửi được câu hỏi: {}", "the question could not be sent: {}"},
                                                  lib_.error_text(code)));
        }
        while (!result_) {
            const auto now = std::chrono::steady_clock::now();
            if (now >= deadline) co_return no_answer();
            const auto patience = std::chrono::microseconds(known().timeout) + 2ms;
            const bool has_come = co_await readable(std::min<Until>(deadline, now + patience));
            if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none)
                co_return fail(Errc::cancelled, say({"đã dừng", "stopped"}));
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

    void read() { read_socket(lib_, handle_, socket_.native_handle()); }

    static int on_answer(int operation, netsnmp_session* session, int number, netsnmp_pdu* pdu, void* self) {
        auto& own = *static_cast<NetSnmpSession*>(self);
        // A question that was given up at its deadline is still known to the library, and may be answered later.
        const bool is_report = pdu && pdu->command == SNMP_MSG_REPORT;
        if (is_report || number == own.asked_) own.take(operation, *session, pdu);
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
            case NETSNMP_CALLBACK_OP_TIMED_OUT: result_.emplace(no_answer()); break;
            case NETSNMP_CALLBACK_OP_SEC_ERROR:
                result_.emplace(fail(Errc::unauthorised, say({"câu trả lời không khớp mật khẩu của người dùng",
                                                              "the answer does not fit the user's password"})));
                break;
            case NETSNMP_CALLBACK_OP_SEND_FAILED:
            case NETSNMP_CALLBACK_OP_DISCONNECT:
                result_.emplace(
                    fail(Errc::unavailable, say({"không gửi được câu hỏi", "the question could not be sent"})));
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
            case Complaint::engine:
                result_.emplace(fail(Errc::unavailable, say({"một thiết bị khác đang trả lời ở địa chỉ này",
                                                             "another device answers at this address now"})));
                return;
            case Complaint::access:
                result_.emplace(
                    fail(Errc::unauthorised, say({"thiết bị không nhận người dùng, mật khẩu hoặc mức bảo vệ này",
                                                  "the device does not accept this user, its password or level"})));
                return;
            case Complaint::none:
                result_.emplace(
                    fail(Errc::unavailable, say({"thiết bị báo lỗi SNMPv3", "the device reports an SNMPv3 error"})));
                return;
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
    int asked_ = 0;                         // number of the question under way
    std::optional<Result<Answer>> result_;  // of it
};

}  // namespace

Result<std::unique_ptr<Session>> open_session(asio::io_context& io, const Access& access,
                                              std::chrono::milliseconds patience) {
    const auto* lib = library();
    if (!lib) return no_library();
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
    if (!handle)
        return fail(Errc::unavailable,
                    say({"không mở được phiên SNMP: {}", "no SNMP session: {}"}, lib->error_text(s.s_snmp_errno)));
    return std::unique_ptr<Session>(std::make_unique<NetSnmpSession>(io, *lib, handle));
}

}  // namespace vg::probes::snmp
