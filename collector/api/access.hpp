#pragma once
// Who asks, and may they: decided here for every route before its handler runs. On the pipeline thread.

#include "collector/api/routes.hpp"

#include <variant>

namespace vg::collector::api {

// A bearer token, else the session's cookie; an Answer when neither is good. The store's own failure is an Answer, too.
[[nodiscard]] std::variant<auth::Principal, Answer> identify(State& state, Pipeline& pipeline,
                                                             const http::Request& request, Time now);
// Why this route is closed to them; nothing when it is open. A browser's session must show its X-CSRF to change things.
[[nodiscard]] std::optional<Answer> objection(const Route& route, const auth::Principal& who,
                                              const http::Request& request);

inline constexpr std::string_view session_cookie = "vg_session";

}  // namespace vg::collector::api
