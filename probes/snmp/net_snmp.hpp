#pragma once
// Inside of the owner of net-snmp (net_snmp*.cpp) and for nobody else: the library's functions as they are found when
// it is loaded, and what both its users need.

#include "probes/snmp/session.hpp"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/library/large_fd_set.h>
#include <net-snmp/library/scapi.h>
#include <net-snmp/net-snmp-includes.h>

#include <dlfcn.h>

namespace vg::probes::snmp {

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

    bool load();

private:
    void find_all();
    void add_nobody() const;
};

// Loaded at the first call, without configuration files and MIB texts; null: it is not on this machine.
[[nodiscard]] const Library* library();
[[nodiscard]] inline Error no_library() {
    return fail(Errc::unavailable,
                say({"máy này không có net-snmp (libnetsnmp.so.40); hãy cài gói libsnmp40",
                     "net-snmp (libnetsnmp.so.40) is not on this machine; install the package libsnmp40"}));
}

[[nodiscard]] inline Error no_keys() {
    return fail(Errc::unavailable,
                say({"không tạo được khóa cho thiết bị SNMPv3 này", "no keys for this engine could be made"}));
}

[[nodiscard]] Answer answer_of(const netsnmp_pdu& pdu);
// Name, keys and protocols into a session that is to be opened.
[[nodiscard]] Result<void> add_user(const Library& lib, const User& user, netsnmp_session& s);
void read_socket(const Library& lib, void* handle, int fd);

}  // namespace vg::probes::snmp
