#pragma once
// Who this agent is: its key, the certificate that the collector's authority signed, and that authority, as files of
// the state directory. A change of key survives a power cut at any moment. Used from the agent's thread.

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/x509.hpp"
#include "wire/messages.hpp"

#include <string>

namespace vg::agent {

struct Identity {
    std::string agent_id;  // the certificate's common name
    x509::Identity own;
    std::string authority_pem;
    Time not_before{}, not_after{};
    // When a new key is due: two thirds of the certificate's life.
    [[nodiscard]] Time renew_at() const { return not_before + (not_after - not_before) * 2 / 3; }
};

// Errc::not_found: not enrolled yet. Finishes a renewal that a power cut left half done.
[[nodiscard]] Result<Identity> load_identity(const std::string& state_dir);

// At enrolment: replaces whatever is there.
[[nodiscard]] Result<Identity> store_identity(const std::string& state_dir, const std::string& private_pem,
                                              const wire::Certificate& certificate);

// A new key rests beside the old one until its certificate comes. Gives the request to send.
[[nodiscard]] Result<wire::Renew> begin_renewal(const std::string& state_dir, const std::string& agent_id);
[[nodiscard]] Result<Identity> finish_renewal(const std::string& state_dir, const wire::Certificate& certificate);

}  // namespace vg::agent
