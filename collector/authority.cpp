#include "collector/authority.hpp"

#include "collector/platform/private_file.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace vg::collector {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::days authority_life{3650};
constexpr std::chrono::days server_life{365};
constexpr std::chrono::days server_renew{30};
constexpr std::chrono::hours skew{24};  // agents' clocks may be behind

std::string join(const std::string& dir, const char* name) { return (fs::path(dir) / name).string(); }

Result<x509::Identity> read_identity(const std::string& key_path, const std::string& certificate_path) {
    auto key = read_file(key_path);
    if (!key) return key.error();
    auto certificate = read_file(certificate_path);
    if (!certificate) return certificate.error();
    return x509::Identity{*key, *certificate};
}

Result<void> write_identity(const x509::Identity& identity, const std::string& key_path,
                            const std::string& certificate_path) {
    if (auto done = write_private_file(key_path, identity.private_pem); !done) return done;
    return write_private_file(certificate_path, identity.certificate_pem);
}

Result<x509::Identity> open_authority(const std::string& dir, Time now) {
    const auto key = join(dir, "ca.key"), certificate = join(dir, "ca.crt");
    // A missing half is an accident that a new authority would turn into a disaster: every agent would be a stranger.
    if (fs::exists(key) || fs::exists(certificate)) return read_identity(key, certificate);
    auto made = x509::make_authority("Vong Gac " + crypto::random_text(8), now - skew, now + authority_life);
    if (!made) return made.error();
    if (auto written = write_identity(*made, key, certificate); !written) return written.error();
    return made;
}

Result<std::string> fingerprint_of(const std::string& certificate_pem) {
    auto info = x509::inspect(certificate_pem);
    if (!info) return info.error();
    return info->fingerprint_sha256_hex.substr(0, 32);
}

bool still_good(const std::string& certificate_pem, const std::vector<std::string>& names, Time now) {
    const auto info = x509::inspect(certificate_pem);
    if (!info || info->not_after < now + server_renew) return false;
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        boost::system::error_code ec;  // an address may be written in several ways
        const auto address = boost::asio::ip::make_address(name, ec);
        const auto& have = info->dns_names;
        return std::find(have.begin(), have.end(), ec ? name : address.to_string()) != have.end();
    });
}

Result<x509::Identity> make_server(const x509::Identity& authority, const std::vector<std::string>& names, Time now) {
    auto key = x509::make_key();
    if (!key) return key.error();
    const std::string name = names.empty() ? "vonggac-collector" : names.front();
    auto request = x509::make_request(key->private_pem, name);
    if (!request) return request.error();
    auto certificate = x509::sign(authority, *request,
                                  {.common_name = name,
                                   .dns_names = names,
                                   .usage = x509::Usage::server,
                                   .from = now - skew,
                                   .until = now + server_life});
    if (!certificate) return certificate.error();
    // The authority goes along, so that an enrolling agent can compare its fingerprint with the token's.
    return x509::Identity{key->private_pem, *certificate + authority.certificate_pem};
}

}  // namespace

Result<Authority> Authority::open(const std::string& data_dir, const std::vector<std::string>& names, Time now) {
    Authority out;
    out.data_dir_ = data_dir;
    out.names_ = names;
    auto authority = open_authority(data_dir, now);
    if (!authority) return authority.error();
    out.authority_ = std::move(*authority);
    auto fingerprint = fingerprint_of(out.authority_.certificate_pem);
    if (!fingerprint) return fingerprint.error();
    out.fingerprint_ = std::move(*fingerprint);

    const auto key = join(data_dir, "server.key"), certificate = join(data_dir, "server.crt");
    if (auto server = read_identity(key, certificate); server && still_good(server->certificate_pem, names, now)) {
        out.server_ = std::move(*server);
        return out;
    }
    auto server = make_server(out.authority_, names, now);
    if (!server) return server.error();
    if (auto written = write_identity(*server, key, certificate); !written) return written.error();
    out.server_ = std::move(*server);
    return out;
}

Result<std::optional<x509::Identity>> Authority::renewed_server(Time now) const {
    const auto key = join(data_dir_, "server.key"), certificate = join(data_dir_, "server.crt");
    if (const auto server = read_identity(key, certificate); server && still_good(server->certificate_pem, names_, now))
        return std::optional<x509::Identity>();
    auto server = make_server(authority_, names_, now);
    if (!server) return server.error();
    if (auto written = write_identity(*server, key, certificate); !written) return written.error();
    return std::optional(std::move(*server));
}

Result<Authority::Signed> Authority::sign_agent(const std::string& request_pem, const std::string& agent_id,
                                                Time now) const {
    auto key = x509::request_key_sha256(request_pem);
    if (!key) return key.error();
    const Time until = now + agent_certificate_life;
    auto certificate = x509::sign(
        authority_, request_pem,
        {.common_name = agent_id, .dns_names = {}, .usage = x509::Usage::client, .from = now - skew, .until = until});
    if (!certificate) return certificate.error();
    auto info = x509::inspect(*certificate);
    if (!info) return info.error();
    return Signed{*certificate, *key, info->serial_hex, info->not_after};
}

Result<Bytes> Authority::seal(ByteView data) const { return x509::sign_data(authority_.private_pem, data); }

}  // namespace vg::collector
