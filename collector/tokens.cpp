#include "collector/tokens.hpp"

#include "base/crypto.hpp"
#include "collector/json_fields.hpp"

#include <boost/json.hpp>

namespace vg::collector {
namespace {

namespace json = boost::json;

constexpr const char* enrolment_tokens = "enrolment_tokens";
constexpr const char* api_tokens = "api_tokens";
constexpr std::string_view api_prefix = "vga1.";

std::string hash_of(std::string_view secret) { return crypto::to_hex(crypto::sha256(view_of(secret))); }

std::int64_t ms(Time at) { return at.time_since_epoch().count(); }

Result<std::optional<json::object>> find(Store& store, const char* collection, const std::string& id) {
    const auto document = store.document(collection, id);
    if (!document) return document.error();
    if (!*document) return std::optional<json::object>();
    auto record = object_of((*document)->text);
    if (!record)
        return fail(Errc::corrupt,
                    say({"không đọc được bản ghi của một mã đăng ký", "a token's record in the store cannot be read"}));
    return record;
}

}  // namespace

Result<std::string> make_enrolment_token(Store& store, const NewToken& wanted, const std::string& authority_fingerprint,
                                         Time now) {
    const auto secret = crypto::random_text(32);
    const json::object record{{"site", wanted.site},
                              {"uses_left", static_cast<std::int64_t>(wanted.uses)},
                              {"uses", static_cast<std::int64_t>(wanted.uses)},
                              {"expires_ms", ms(now + wanted.valid)},
                              {"made_by", wanted.made_by}};
    if (auto put = store.put({enrolment_tokens, hash_of(secret), json::serialize(record), now}); !put)
        return put.error();
    return "vg1." + authority_fingerprint + "." + secret;
}

Result<Redeemed> redeem_enrolment_token(Store& store, const std::string& secret, Time now) {
    const auto id = hash_of(secret);
    auto found = find(store, enrolment_tokens, id);
    if (!found) return found.error();
    Redeemed out;
    out.refusal = wire::RefuseCode::token_unknown;
    if (!*found) return out;
    auto& record = **found;
    out.site = text_field(record, "site");
    out.made_by = text_field(record, "made_by");
    out.refusal = wire::RefuseCode::token_expired;
    if (int_field(record, "expires_ms").value_or(0) <= ms(now)) return out;
    out.refusal = wire::RefuseCode::token_used_up;
    const auto left = int_field(record, "uses_left").value_or(0);
    if (left <= 0) return out;
    record["uses_left"] = left - 1;
    record["last_used_ms"] = ms(now);
    if (auto put = store.put({enrolment_tokens, id, json::serialize(record), now}); !put) return put.error();
    out.ok = true;
    return out;
}

Result<std::string> make_api_token(Store& store, const std::string& role, const std::string& made_by,
                                   const std::string& note, Millis valid, Time now) {
    const auto token = std::string(api_prefix) + crypto::random_text(40);
    const json::object record{
        {"role", role}, {"made_by", made_by}, {"note", note}, {"made_ms", ms(now)}, {"expires_ms", ms(now + valid)}};
    if (auto put = store.put({api_tokens, hash_of(token), json::serialize(record), now}); !put) return put.error();
    return token;
}

Result<std::optional<ApiToken>> find_api_token(Store& store, const std::string& token, Time now) {
    if (!token.starts_with(api_prefix)) return std::optional<ApiToken>();
    const auto id = hash_of(token);
    auto found = find(store, api_tokens, id);
    if (!found) return found.error();
    if (!*found || int_field(**found, "expires_ms").value_or(0) <= ms(now)) return std::optional<ApiToken>();
    const auto& record = **found;
    return std::optional(ApiToken{id.substr(0, 12), text_field(record, "role"), text_field(record, "made_by"),
                                  text_field(record, "note"), Time(Millis(int_field(record, "made_ms").value_or(0))),
                                  Time(Millis(int_field(record, "expires_ms").value_or(0)))});
}

}  // namespace vg::collector
