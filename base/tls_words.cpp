// What OpenSSL answers, in words for people.
#include "base/tls_context.hpp"

namespace vg::tls {
namespace {

Text words_of_reason(unsigned long code) {
    if (ERR_GET_LIB(code) == ERR_LIB_SSL) switch (ERR_GET_REASON(code)) {
            case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
                return say({"bên kia không tin cơ quan cấp chứng thư của máy này",
                            "the other side does not trust the authority of this machine's certificate"});
            case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
                return say({"bên kia cho rằng chứng thư của máy này đã hết hạn",
                            "the other side takes this machine's certificate for expired"});
            case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
                return say({"chứng thư của máy này đã bị thu hồi", "this machine's certificate is revoked"});
            case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
            case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
            case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
                return say({"bên kia không nhận chứng thư của máy này",
                            "the other side does not take this machine's certificate"});
            case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
            case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
                return say({"thiếu chứng thư của bên hỏi", "a certificate of who asks is required"});
            case SSL_R_WRONG_VERSION_NUMBER:
            case SSL_R_HTTP_REQUEST:
                return say({"bên kia không nói TLS ở cổng này", "the other side does not speak TLS on this port"});
            case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
            case SSL_R_UNSUPPORTED_PROTOCOL:
                return say({"hai bên không có phiên bản TLS chung", "no version of TLS is common to both sides"});
            case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
            case SSL_R_NO_SHARED_CIPHER:
                return say({"hai bên không có cách mã hóa chung", "no cipher is common to both sides"});
            case SSL_R_NO_APPLICATION_PROTOCOL:
            case SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL:
                return say({"bên kia không phải trung tâm Vọng Gác (khác giao thức ALPN)",
                            "the other side is no collector of Vọng Gác (another protocol by ALPN)"});
            case SSL_R_UNEXPECTED_EOF_WHILE_READING: return say({"bên kia ngắt kết nối", "the other side broke off"});
            default: break;
        }
    const char* text = ERR_reason_error_string(code);
    if (text == nullptr) return say({"không rõ lý do", "no further reason"});
    return say({"OpenSSL báo \"{}\"", "OpenSSL says \"{}\""}, text);
}

}  // namespace

Error tls_error(const Text& what) {
    const auto code = ERR_peek_last_error();
    ERR_clear_error();
    return fail(Errc::refused, because(what, words_of_reason(code)));
}

Text words_of_verdict(long verdict) {
    switch (verdict) {
        case X509_V_ERR_CERT_HAS_EXPIRED: return say({"đã hết hạn", "expired"});
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return say({"chưa đến ngày có hiệu lực; hãy xem đồng hồ của máy này",
                        "not valid yet; look at the clock of this machine"});
        case X509_V_ERR_HOSTNAME_MISMATCH:
            return say({"cấp cho tên máy khác (hostname mismatch)", "for another name (hostname mismatch)"});
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return say({"cấp cho địa chỉ khác (IP address mismatch)", "for another address (IP address mismatch)"});
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            return say({"tự ký, không do cơ quan chứng thực được tin cậy cấp",
                        "self-signed, not issued by a trusted authority"});
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            return say({"do một cơ quan chứng thực riêng cấp mà máy này không biết",
                        "issued by an authority of its own, which this machine does not know"});
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_CERT_UNTRUSTED:
            return say({"không do cơ quan chứng thực được tin cậy cấp, hoặc máy chủ không gửi đủ chuỗi chứng thư",
                        "not issued by a trusted authority, or the server does not send the whole chain"});
        case X509_V_ERR_CERT_REVOKED: return say({"đã bị thu hồi", "revoked"});
        case X509_V_ERR_CERT_SIGNATURE_FAILURE: return say({"chữ ký sai", "wrongly signed"});
        case X509_V_ERR_CA_KEY_TOO_SMALL:
        case X509_V_ERR_EE_KEY_TOO_SMALL: return say({"khóa quá ngắn", "its key is too short"});
        case X509_V_ERR_CA_MD_TOO_WEAK: return say({"thuật toán băm quá yếu", "its digest is too weak"});
        default: return say({"OpenSSL báo \"{}\"", "OpenSSL says \"{}\""}, X509_verify_cert_error_string(verdict));
    }
}

}  // namespace vg::tls
