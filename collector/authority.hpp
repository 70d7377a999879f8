#pragma once
// The collector's own certificate authority: makes its key and the server's certificate at first start, signs what
// agents ask for, renews. Files in the data directory, mode 0600: ca.key, ca.crt, server.key, server.crt. Immutable
// after open(), so it may be used from any thread.

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/x509.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vg::collector {

class Authority {
public:
    // Makes what is missing; makes the server's certificate anew when its names differ or less than 30 days are left.
    [[nodiscard]] static Result<Authority> open(const std::string& data_dir, const std::vector<std::string>& names,
                                                Time now);

    // Another identity for the server, written to the data directory, when the one there has less than 30 days left;
    // nothing when it is still good. server() stays what it was at open().
    [[nodiscard]] Result<std::optional<x509::Identity>> renewed_server(Time now) const;

    [[nodiscard]] const std::string& certificate_pem() const { return authority_.certificate_pem; }
    [[nodiscard]] const x509::Identity& server() const { return server_; }
    // First 32 hex of SHA-256 of the certificate's DER: what a token carries.
    [[nodiscard]] const std::string& fingerprint() const { return fingerprint_; }

    struct Signed {
        std::string certificate_pem;
        std::string key_sha256_hex, serial_hex;
        Time expires{};
    };
    // The request's own names are ignored: the certificate says agent_id and nothing else.
    [[nodiscard]] Result<Signed> sign_agent(const std::string& request_pem, const std::string& agent_id,
                                            Time now) const;
    // Over the head of a day's events (daily seals).
    [[nodiscard]] Result<Bytes> seal(ByteView data) const;

private:
    Authority() = default;
    std::string data_dir_;
    std::vector<std::string> names_;
    x509::Identity authority_, server_;
    std::string fingerprint_;
};

inline constexpr Millis agent_certificate_life = std::chrono::days(90);

}  // namespace vg::collector
