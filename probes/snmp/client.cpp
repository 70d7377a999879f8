// Owner of net-snmp (version 5.9). Loaded when the first device is asked, without configuration files and MIB texts.
#include "probes/snmp/client.hpp"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <dlfcn.h>
#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace vg::probes::snmp {
namespace {

struct Library {
    void* handle = nullptr;
    decltype(&init_snmp) init = nullptr;
    decltype(&snmp_sess_init) sess_init = nullptr;
    decltype(&snmp_sess_open) open = nullptr;
    decltype(&snmp_sess_close) close = nullptr;
    decltype(&snmp_sess_session) session_of = nullptr;
    decltype(&snmp_sess_synch_response) ask = nullptr;
    decltype(&snmp_pdu_create) pdu_create = nullptr;
    decltype(&snmp_add_null_var) add_null = nullptr;
    decltype(&snmp_free_pdu) pdu_free = nullptr;
    decltype(&snmp_disable_log) disable_log = nullptr;
    decltype(&netsnmp_ds_set_boolean) set_boolean = nullptr;
    decltype(&generate_Ku) make_key = nullptr;
    decltype(&snmp_api_errstring) error_text = nullptr;
    decltype(&usm_get_user) find_user = nullptr;
    decltype(&usm_remove_user) remove_user = nullptr;
    decltype(&usm_free_user) free_user = nullptr;

    template <class F>
    bool find(F& function, const char* name) {
        function = reinterpret_cast<F>(::dlsym(handle, name));
        return function != nullptr;
    }

    bool load() {
        handle = ::dlopen("libnetsnmp.so.40", RTLD_NOW | RTLD_LOCAL);
        const bool good = handle && find(init, "init_snmp") && find(sess_init, "snmp_sess_init") &&
                          find(open, "snmp_sess_open") && find(close, "snmp_sess_close") &&
                          find(session_of, "snmp_sess_session") && find(ask, "snmp_sess_synch_response") &&
                          find(pdu_create, "snmp_pdu_create") && find(add_null, "snmp_add_null_var") &&
                          find(pdu_free, "snmp_free_pdu") && find(disable_log, "snmp_disable_log") &&
                          find(set_boolean, "netsnmp_ds_set_boolean") && find(make_key, "generate_Ku") &&
                          find(error_text, "snmp_api_errstring") && find(find_user, "usm_get_user") &&
                          find(remove_user, "usm_remove_user") && find(free_user, "usm_free_user");
        if (!good) return false;
        ::setenv("MIBS", "", 1);  // only numbers are spoken
        for (const int what : {NETSNMP_DS_LIB_DONT_READ_CONFIGS, NETSNMP_DS_LIB_DONT_PERSIST_STATE,
                               NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD, NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE})
            set_boolean(NETSNMP_DS_LIBRARY_ID, what, 1);
        disable_log();
        init("vonggac");
        disable_log();
        return true;
    }
};

const Library* library() {
    static Library loaded;
    static const bool good = loaded.load();
    return good ? &loaded : nullptr;
}

struct Protocol {
    const char* name;
    std::vector<oid> id;
};

const Protocol* protocol(const std::vector<Protocol>& all, const std::string& name) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Protocol& p) { return name == p.name; });
    return found == all.end() ? nullptr : &*found;
}

const std::vector<Protocol>& auth_protocols() {  // RFC 3414, RFC 7860
    static const std::vector<Protocol> all{{"SHA", {1, 3, 6, 1, 6, 3, 10, 1, 1, 3}},
                                           {"SHA-256", {1, 3, 6, 1, 6, 3, 10, 1, 1, 5}},
                                           {"SHA-384", {1, 3, 6, 1, 6, 3, 10, 1, 1, 6}},
                                           {"SHA-512", {1, 3, 6, 1, 6, 3, 10, 1, 1, 7}}};
    return all;
}
const std::vector<Protocol>& privacy_protocols() {  // RFC 3826
    static const std::vector<Protocol> all{{"AES", {1, 3, 6, 1, 6, 3, 10, 1, 2, 4}}};
    return all;
}

Value value_of(const variable_list& v) {
    const auto bytes = [&] { return std::string(reinterpret_cast<const char*>(v.val.string), v.val_len); };
    switch (v.type) {
        case ASN_INTEGER: return v.val_len == sizeof(long) ? Value{static_cast<std::int64_t>(*v.val.integer)} : Value{};
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
        case ASN_IPADDRESS: return v.val_len > 0 && v.val.string ? bytes() : std::string{};
        case ASN_OBJECT_ID: {
            Oid id;
            for (std::size_t i = 0; i < v.val_len / sizeof(oid); ++i)
                id.push_back(static_cast<std::uint32_t>(v.val.objid[i]));
            return id;
        }
        default: return {};
    }
}

class NetSnmpClient final : public Client {
public:
    NetSnmpClient(const Library& lib, void* handle) : lib_(lib), handle_(handle) {}
    ~NetSnmpClient() override {
        forget_user();
        lib_.close(handle_);
    }
    NetSnmpClient(const NetSnmpClient&) = delete;
    NetSnmpClient& operator=(const NetSnmpClient&) = delete;

    Result<std::vector<Binding>> get(const std::vector<Oid>& oids, Until deadline) override {
        return ask(lib_.pdu_create(SNMP_MSG_GET), oids, deadline);
    }
    Result<std::vector<Binding>> get_bulk(const std::vector<Oid>& oids, int rows, Until deadline) override {
        auto* pdu = lib_.pdu_create(SNMP_MSG_GETBULK);
        if (pdu) {
            pdu->non_repeaters = 0;
            pdu->max_repetitions = rows;
        }
        return ask(pdu, oids, deadline);
    }

private:
    // The library keeps users with their keys for the process's life; a changed password would never be tried.
    void forget_user() const {
        const auto* s = lib_.session_of(handle_);
        if (s->version != SNMP_VERSION_3 || !s->securityName || s->securityEngineIDLen == 0) return;
        const std::string name(s->securityName, s->securityNameLen);
        auto* user = lib_.find_user(s->securityEngineID, s->securityEngineIDLen, const_cast<char*>(name.c_str()));
        if (!user) return;
        (void)lib_.remove_user(user);
        (void)lib_.free_user(user);
    }

    Result<std::vector<Binding>> ask(netsnmp_pdu* pdu, const std::vector<Oid>& oids, Until deadline) {
        const auto left =
            std::chrono::duration_cast<std::chrono::microseconds>(deadline - std::chrono::steady_clock::now());
        if (!pdu || left.count() <= 0) {
            if (pdu) lib_.pdu_free(pdu);
            return fail(Errc::timed_out, "the deadline passed");
        }
        auto* session = lib_.session_of(handle_);
        session->retries = 1;
        session->timeout = std::max(1000L, std::min(2'000'000L, static_cast<long>(left.count()) / 2));
        for (const auto& id : oids) {
            const std::vector<oid> name(id.begin(), id.end());
            lib_.add_null(pdu, name.data(), name.size());
        }
        netsnmp_pdu* raw = nullptr;
        const int state = lib_.ask(handle_, pdu, &raw);  // frees pdu
        const std::unique_ptr<netsnmp_pdu, decltype(lib_.pdu_free)> answer(raw, lib_.pdu_free);
        if (state == STAT_TIMEOUT) return fail(Errc::timed_out, "no answer");
        if (state != STAT_SUCCESS || !answer) {
            const int code = session->s_snmp_errno;
            const bool is_access = code == SNMPERR_UNKNOWN_USER_NAME || code == SNMPERR_AUTHENTICATION_FAILURE ||
                                   code == SNMPERR_UNSUPPORTED_SEC_LEVEL || code == SNMPERR_USM_UNKNOWNSECURITYNAME ||
                                   code == SNMPERR_USM_AUTHENTICATIONFAILURE || code == SNMPERR_USM_DECRYPTIONERROR;
            return fail(is_access ? Errc::unauthorised : Errc::unavailable, lib_.error_text(code));
        }
        std::vector<Binding> out;
        if (answer->errstat != SNMP_ERR_NOERROR) return out;  // v1's noSuchName and its like: nothing there
        for (const auto* v = answer->variables; v; v = v->next_variable) {
            Binding binding;
            for (std::size_t i = 0; i < v->name_length; ++i)
                binding.oid.push_back(static_cast<std::uint32_t>(v->name[i]));
            binding.value = value_of(*v);
            out.push_back(std::move(binding));
        }
        return out;
    }

    const Library& lib_;
    void* handle_;
};

Result<void> add_key(const Library& lib, const std::vector<oid>& auth, const std::string& password, u_char* key,
                     std::size_t& size) {
    auto id = auth;
    if (lib.make_key(id.data(), static_cast<u_int>(id.size()),
                     reinterpret_cast<u_char*>(const_cast<char*>(password.data())), password.size(), key, &size) != 0)
        return fail(Errc::invalid_input, "an SNMPv3 password needs at least 8 characters");
    return {};
}

Result<void> add_user(const Library& lib, const Access& access, netsnmp_session& s) {
    const auto* auth = protocol(auth_protocols(), access.auth_protocol);
    const auto* privacy = protocol(privacy_protocols(), access.privacy_protocol);
    s.version = SNMP_VERSION_3;
    s.securityModel = SNMP_SEC_MODEL_USM;
    s.securityName = const_cast<char*>(access.user.data());
    s.securityNameLen = access.user.size();
    s.securityLevel = SNMP_SEC_LEVEL_NOAUTH;
    if (access.auth_password.empty()) return {};
    if (!auth || !privacy) return fail(Errc::invalid_input, "unknown SNMPv3 protocol");
    s.securityLevel = access.privacy_password.empty() ? SNMP_SEC_LEVEL_AUTHNOPRIV : SNMP_SEC_LEVEL_AUTHPRIV;
    s.securityAuthProto = const_cast<oid*>(auth->id.data());
    s.securityAuthProtoLen = auth->id.size();
    s.securityAuthKeyLen = USM_AUTH_KU_LEN;
    if (auto done = add_key(lib, auth->id, access.auth_password, s.securityAuthKey, s.securityAuthKeyLen); !done)
        return done;
    if (access.privacy_password.empty()) return {};
    s.securityPrivProto = const_cast<oid*>(privacy->id.data());
    s.securityPrivProtoLen = privacy->id.size();
    s.securityPrivKeyLen = USM_PRIV_KU_LEN;
    return add_key(lib, auth->id, access.privacy_password, s.securityPrivKey, s.securityPrivKeyLen);
}

}  // namespace

Result<std::unique_ptr<Client>> open_client(const Access& access, Until deadline) {
    const auto* lib = library();
    if (!lib) return fail(Errc::unavailable, "net-snmp (libnetsnmp.so.40) is not on this machine");
    const auto left =
        std::chrono::duration_cast<std::chrono::microseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return fail(Errc::unavailable, "other devices took all the time of this visit");
    netsnmp_session s;
    lib->sess_init(&s);
    auto peer = (access.is_v6 ? "udp6:" : "udp:") + access.address;
    s.peername = peer.data();
    s.retries = 0;  // of the engine's discovery
    s.timeout = std::min(2'000'000L, static_cast<long>(left.count()));
    auto community = access.community;
    if (access.version == Version::v2c) {
        s.version = SNMP_VERSION_2c;
        s.community = reinterpret_cast<u_char*>(community.data());
        s.community_len = community.size();
    } else if (auto done = add_user(*lib, access, s); !done) {
        return done.error();
    }
    void* handle = lib->open(&s);
    if (!handle && s.s_snmp_errno == SNMPERR_TIMEOUT) return fail(Errc::timed_out, "no answer");
    if (!handle) return fail(Errc::unavailable, std::string("no SNMP session: ") + lib->error_text(s.s_snmp_errno));
    return std::unique_ptr<Client>(std::make_unique<NetSnmpClient>(*lib, handle));
}

}  // namespace vg::probes::snmp
