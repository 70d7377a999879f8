// Owner of net-snmp (version 5.9), with net_snmp_session.cpp and net_snmp_traps.cpp: the library and its data.
#include "probes/snmp/net_snmp.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace vg::probes::snmp {
namespace {

oid* copy(const std::vector<oid>& from, std::size_t& size) {
    size = from.size();
    auto* to = static_cast<oid*>(std::calloc(from.size(), sizeof(oid)));
    if (to) std::copy(from.begin(), from.end(), to);
    return to;
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

Error unknown_protocol(const std::string& name) {
    return fail(Errc::invalid_input,
                say({"net-snmp trên máy này không có {}", "this machine's net-snmp does not know {}"}, name));
}

Result<void> add_key(const Library& lib, const Protocol& auth, const std::string& password, u_char* key,
                     std::size_t& size) {
    if (lib.make_key(auth.id, static_cast<u_int>(auth.size),
                     reinterpret_cast<u_char*>(const_cast<char*>(password.data())), password.size(), key, &size) != 0)
        return fail(Errc::invalid_input,
                    say({"mật khẩu SNMPv3 cần ít nhất 8 ký tự", "an SNMPv3 password needs at least 8 characters"}));
    return {};
}

}  // namespace

bool Library::load() {
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

void Library::find_all() {
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
void Library::add_nobody() const {
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

const Library* library() {
    static Library loaded;
    static const bool good = loaded.load();
    return good ? &loaded : nullptr;
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

Result<void> add_user(const Library& lib, const User& user, netsnmp_session& s) {
    s.version = SNMP_VERSION_3;
    s.flags |= SNMP_FLAGS_DONT_PROBE;  // opening would block
    s.securityModel = SNMP_SEC_MODEL_USM;
    s.securityName = const_cast<char*>(user.name.data());
    s.securityNameLen = user.name.size();
    s.securityLevel = SNMP_SEC_LEVEL_NOAUTH;
    if (user.auth_password.empty()) return {};
    const auto auth = auth_protocol(lib, user.auth_protocol);
    if (!auth.id) return unknown_protocol(user.auth_protocol);
    s.securityLevel = user.privacy_password.empty() ? SNMP_SEC_LEVEL_AUTHNOPRIV : SNMP_SEC_LEVEL_AUTHPRIV;
    s.securityAuthProto = auth.id;
    s.securityAuthProtoLen = auth.size;
    s.securityAuthKeyLen = USM_AUTH_KU_LEN;
    if (auto done = add_key(lib, auth, user.auth_password, s.securityAuthKey, s.securityAuthKeyLen); !done) return done;
    if (user.privacy_password.empty()) return {};
    const auto privacy = privacy_protocol(lib, user.privacy_protocol);
    if (!privacy.id) return unknown_protocol(user.privacy_protocol);
    s.securityPrivProto = privacy.id;
    s.securityPrivProtoLen = privacy.size;
    s.securityPrivKeyLen = USM_PRIV_KU_LEN;
    return add_key(lib, auth, user.privacy_password, s.securityPrivKey, s.securityPrivKeyLen);
}

void read_socket(const Library& lib, void* handle, int fd) {
    netsnmp_large_fd_set set;
    lib.set_init(&set, fd + 1);
    lib.set_add(fd, &set);
    lib.read(handle, &set);
    lib.set_free(&set);
}

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

}  // namespace vg::probes::snmp
