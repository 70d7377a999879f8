#include "agent/identity.hpp"

#include "agent/platform/files.hpp"

namespace vg::agent {
namespace {

namespace files = platform;

std::string key_file(const std::string& dir) { return dir + "/agent.key"; }
std::string certificate_file(const std::string& dir) { return dir + "/agent.crt"; }
std::string authority_file(const std::string& dir) { return dir + "/authority.crt"; }
std::string next(const std::string& file) { return file + ".new"; }

bool fits(const std::string& private_pem, const x509::CertificateInfo& info) {
    auto request = x509::make_request(private_pem, "x");
    if (request.has_error()) return false;
    auto key = x509::request_key_sha256(*request);
    return key.has_value() && *key == info.key_sha256_hex;
}

Result<Identity> make(const std::string& private_pem, const std::string& chain_pem, const std::string& authority_pem) {
    auto info = x509::inspect(chain_pem);
    if (info.has_error()) return info.error();
    if (!fits(private_pem, *info))
        return fail(Errc::corrupt,
                    say({"chứng thư không phải của khóa này", "the certificate is not for the agent's key"}));
    if (info->subject_cn.empty())
        return fail(Errc::corrupt, say({"chứng thư không nêu trạm gác nào", "the certificate names no agent"}));
    return Identity{info->subject_cn, {private_pem, chain_pem}, authority_pem, info->not_before, info->not_after};
}

Result<void> move_over(const std::string& file) { return files::rename_file(next(file), file); }

}  // namespace

Result<Identity> load_identity(const std::string& state_dir) {
    auto authority = files::read_file(authority_file(state_dir));
    if (authority.has_error()) return authority.error();
    // The four ways in which a power cut may have left a change of key; the newest pair that fits counts.
    const struct {
        bool new_key, new_certificate;
    } pairs[] = {{true, true}, {false, true}, {true, false}, {false, false}};
    Error last = fail(Errc::not_found, say({"không có chứng thư trong {}", "no certificate in {}"}, state_dir));
    for (const auto& pair : pairs) {
        const auto key_path = pair.new_key ? next(key_file(state_dir)) : key_file(state_dir);
        const auto cert_path = pair.new_certificate ? next(certificate_file(state_dir)) : certificate_file(state_dir);
        auto key = files::read_file(key_path);
        auto certificate = files::read_file(cert_path);
        if (key.has_error() || certificate.has_error()) continue;
        auto identity = make(*key, *certificate, *authority);
        if (identity.has_error()) {
            last = identity.error();
            continue;
        }
        if (pair.new_key)
            if (auto done = move_over(key_file(state_dir)); done.has_error()) return done.error();
        if (pair.new_certificate)
            if (auto done = move_over(certificate_file(state_dir)); done.has_error()) return done.error();
        return identity;
    }
    return last;
}

Result<Identity> store_identity(const std::string& state_dir, const std::string& private_pem,
                                const wire::Certificate& certificate) {
    auto identity = make(private_pem, certificate.chain_pem, certificate.authority_pem);
    if (identity.has_error()) return identity;
    files::remove_file(next(key_file(state_dir)));
    files::remove_file(next(certificate_file(state_dir)));
    if (auto done = files::write_file(authority_file(state_dir), certificate.authority_pem); done.has_error())
        return done.error();
    if (auto done = files::write_file(next(key_file(state_dir)), private_pem); done.has_error()) return done.error();
    if (auto done = files::write_file(next(certificate_file(state_dir)), certificate.chain_pem); done.has_error())
        return done.error();
    if (auto done = move_over(key_file(state_dir)); done.has_error()) return done.error();
    if (auto done = move_over(certificate_file(state_dir)); done.has_error()) return done.error();
    return identity;
}

Result<wire::Renew> begin_renewal(const std::string& state_dir, const std::string& agent_id) {
    // A key that already waits is used again: its certificate may be on the way.
    auto waiting = files::read_file(next(key_file(state_dir)));
    std::string private_pem;
    if (waiting.has_value()) {
        private_pem = std::move(*waiting);
    } else {
        auto key = x509::make_key();
        if (key.has_error()) return key.error();
        private_pem = std::move(key->private_pem);
        if (auto done = files::write_file(next(key_file(state_dir)), private_pem); done.has_error())
            return done.error();
    }
    auto request = x509::make_request(private_pem, agent_id);
    if (request.has_error()) return request.error();
    return wire::Renew{std::move(*request)};
}

Result<Identity> finish_renewal(const std::string& state_dir, const wire::Certificate& certificate) {
    auto key = files::read_file(next(key_file(state_dir)));
    if (key.has_error()) return key.error();
    auto authority = files::read_file(authority_file(state_dir));
    if (authority.has_error()) return authority.error();
    auto identity = make(*key, certificate.chain_pem, *authority);
    if (identity.has_error()) return identity;
    if (auto done = files::write_file(next(certificate_file(state_dir)), certificate.chain_pem); done.has_error())
        return done.error();
    if (auto done = move_over(key_file(state_dir)); done.has_error()) return done.error();
    if (auto done = move_over(certificate_file(state_dir)); done.has_error()) return done.error();
    return identity;
}

}  // namespace vg::agent
