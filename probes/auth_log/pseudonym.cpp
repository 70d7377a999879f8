#include "probes/auth_log/pseudonym.hpp"

#include "base/crypto.hpp"
#include "base/system_words.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>

namespace vg::probes::auth_log {
namespace {

constexpr std::size_t key_bytes = 32;
namespace fs = std::filesystem;

std::optional<Bytes> read_key(const std::string& path) {
    std::ifstream in(path);
    std::string hex;
    if (!in || !(in >> hex)) return std::nullopt;
    auto key = crypto::from_hex(hex);
    if (!key || key->size() != key_bytes) return std::nullopt;
    return std::move(*key);
}

Error not_written(const std::string& path, const std::error_code& error) {
    return fail(Errc::permission, say({"không ghi được tệp khóa bí danh {}: {}", "cannot write the key file {}: {}"},
                                      path, system_words(error)));
}

}  // namespace

Result<Names> Names::with_key_file(const std::string& path) {
    if (auto key = read_key(path)) return Names(std::move(*key));
    std::error_code error;
    if (fs::exists(path, error))
        return fail(Errc::permission, say({"{} không đọc được, hoặc không phải khóa 64 chữ số thập lục phân",
                                           "{} is not a readable key of 64 hex digits"},
                                          path));
    const auto key = crypto::random_bytes(key_bytes);
    const auto fresh = path + ".new";
    {
        std::ofstream out(fresh, std::ios::trunc);
        fs::permissions(fresh, fs::perms::owner_read | fs::perms::owner_write, error);
        if (error) return not_written(path, error);
        out << crypto::to_hex(key) << '\n';
        if (!out.flush()) return not_written(path, std::make_error_code(std::errc::io_error));
    }
    fs::rename(fresh, path, error);
    if (error) return not_written(path, error);
    return Names(key);
}

Names Names::with_passing_key() { return Names(crypto::random_bytes(key_bytes)); }

std::string Names::shown(const std::string& user) const {
    constexpr auto roles = std::to_array<std::string_view>({"", "root", "admin", "administrator", "guest", "user",
                                                            "test", "ubuntu", "debian", "pi", "oracle", "postgres"});
    if (key_.empty() || std::find(roles.begin(), roles.end(), user) != roles.end()) return user;
    const auto digest = crypto::hmac_sha256(key_, view_of(user));
    return "u-" + crypto::to_hex(ByteView(digest).first(8));
}

}  // namespace vg::probes::auth_log
