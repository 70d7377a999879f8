#pragma once
// An answer as HTTP sends it: JSON, or the table that the request asks for, packed where that is worth it. Pure.

#include "collector/api/routes.hpp"

namespace vg::collector::api {

// `route` names the columns of a table; null: the answer holds no list.
[[nodiscard]] http::Response to_response(Answer answer, const http::Request& request, const Route* route);
[[nodiscard]] http::Response plain(int status, std::string body, std::string type = "text/plain; charset=utf-8");

}  // namespace vg::collector::api
