#pragma once
// The one table of the API: method, path, who may, what answers. openapi.yaml says the same for other programs, and a
// test holds the two together.

#include "collector/api/call.hpp"

#include <span>

namespace vg::collector::api {

enum class Special : std::uint8_t {
    none,
    sign_in,        // open to everybody; the password is checked beside the pipeline
    own_password,   // the body's "current" must be right, then as hash_password
    hash_password,  // the body's "password" is hashed beside the pipeline before the handler runs
    live,           // server-sent events
    document,       // the OpenAPI file; open to everybody
};

struct Route {
    std::string_view method;
    std::string_view path;  // below /api/v1; {name} takes one segment
    auth::Roles roles;
    Answer (*handler)(Call&);
    std::vector<std::string_view> columns = {};  // of its CSV; a list when not empty
    Special special = Special::none;
};

[[nodiscard]] std::span<const Route> routes();

struct Match {
    const Route* route = nullptr;  // null: no such path, or (path_exists) not with this method
    std::vector<std::string> path;
    bool path_exists = false;
    std::string allow;  // methods of the path
};
// `raw_path` is as sent, so that an encoded slash stays inside its segment.
[[nodiscard]] Match match(std::string_view method, std::string_view raw_path);

}  // namespace vg::collector::api
