#pragma once
// Who may do what: four roles (glossary: quản trị, trực tỉnh, cán bộ xã, kiểm tra). Plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vg::collector::auth {

enum class Role : std::uint8_t {
    administrator = 1,  // everything
    operator_ = 2,      // watches the province, acknowledges, revokes agents, brings registers in
    officer = 4,        // sees and acknowledges what belongs to the own unit
    auditor = 8,        // sees everything, changes nothing
};
using Roles = std::uint8_t;  // a set of them

inline constexpr Roles administrators = 1;
inline constexpr Roles operators = 1 | 2;
inline constexpr Roles workers = 1 | 2 | 4;
inline constexpr Roles overseers = 1 | 2 | 8;
inline constexpr Roles everybody = 1 | 2 | 4 | 8;

[[nodiscard]] constexpr bool contains(Roles roles, Role role) { return (roles & static_cast<Roles>(role)) != 0; }
[[nodiscard]] const char* to_string(Role role) noexcept;
[[nodiscard]] std::optional<Role> parse_role(std::string_view text) noexcept;

struct Principal {  // who asks
    std::string user;
    Role role = Role::auditor;
    std::string unit;     // of an officer; sees it and what is below
    std::string csrf;     // empty for an API token, which no browser sends by itself
    std::string session;  // id of the session; empty for an API token
};

}  // namespace vg::collector::auth
