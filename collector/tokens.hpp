#pragma once
// Enrolment tokens and API tokens. Only SHA-256 of a secret is kept; the text is shown once, when it is made. Tokens
// live in the store's documents, so the sub-command `token` may add one while the collector runs. Used from the thread
// that owns the store.

#include "collector/store.hpp"

namespace vg::collector {

struct NewToken {
    std::string site;
    std::uint32_t uses = 1;
    Millis valid = std::chrono::hours(72);
    std::string made_by;
};
// Gives "vg1.<fingerprint>.<secret>"; the fingerprint is Authority::fingerprint().
[[nodiscard]] Result<std::string> make_enrolment_token(Store& store, const NewToken& wanted,
                                                       const std::string& authority_fingerprint, Time now);

struct Redeemed {
    wire::RefuseCode refusal{};  // token_unknown, token_expired, token_used_up when not ok
    bool ok = false;
    std::string site;
    std::string made_by;
};
// Uses the token once. An Error is the store's.
[[nodiscard]] Result<Redeemed> redeem_enrolment_token(Store& store, const std::string& secret, Time now);

struct ApiToken {
    std::string id;  // first 12 hex of the hash
    std::string role, made_by, note;
    Time made{}, expires{};
};
[[nodiscard]] Result<std::string> make_api_token(Store& store, const std::string& role, const std::string& made_by,
                                                 const std::string& note, Millis valid, Time now);
[[nodiscard]] Result<std::optional<ApiToken>> find_api_token(Store& store, const std::string& text, Time now);

}  // namespace vg::collector
