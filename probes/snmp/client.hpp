#pragma once
// Asks one SNMP agent. The owner of net-snmp, which is loaded at first use. Its calls block (the discovery of a v3
// engine cannot be had otherwise), so a client is used from the probe's own worker thread, one client at a time in a
// process.

#include "base/result.hpp"
#include "probes/snmp/walk.hpp"

#include <chrono>
#include <memory>

namespace vg::probes::snmp {

enum class Version { v2c, v3 };

struct Access {
    std::string address;  // "10.1.0.1:161" or "[2001:db8::1]:161"
    bool is_v6 = false;
    Version version = Version::v2c;
    std::string community = "public";
    std::string user, auth_protocol = "SHA-256", auth_password, privacy_protocol = "AES", privacy_password;
};

using Until = std::chrono::steady_clock::time_point;

class Client {
public:
    virtual ~Client() = default;
    // Errc::timed_out when nobody answers, unauthorised when the agent knows neither the user nor the password.
    [[nodiscard]] virtual Result<std::vector<Binding>> get(const std::vector<Oid>& oids, Until deadline) = 0;
    [[nodiscard]] virtual Result<std::vector<Binding>> get_bulk(const std::vector<Oid>& oids, int rows,
                                                                Until deadline) = 0;
};

[[nodiscard]] Result<std::unique_ptr<Client>> open_client(const Access& access, Until deadline);

}  // namespace vg::probes::snmp
