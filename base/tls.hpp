#pragma once
// TLS 1.3 (RFC 8446) straight on a non-blocking socket that Asio waits for: no copy of the records beside OpenSSL's
// own, whose buffers are freed while a connection rests. OpenSSL is named in tls_*.cpp only. A Context may be shared by
// many streams of one thread's io_context and outlives them. A Stream belongs to one coroutine chain for reading and
// one for writing, both on the stream's executor.

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/x509.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vg::tls {

namespace asio = boost::asio;
using Deadline = std::chrono::steady_clock::time_point;

enum class PeerCheck {
    none,      // the caller compares the fingerprint itself (enrolment), or accepts anybody (a browser)
    if_given,  // server: a client certificate is asked for; whatever comes is let in and Peer tells what it is worth
    required,  // the handshake fails unless the chain and, for a client, the server's name are right
};

class Context {
public:
    struct Options {
        std::optional<x509::Identity> identity;  // what we show
        std::string trusted_pem;                 // authorities that we believe; empty: the system's
        PeerCheck check = PeerCheck::required;
        std::vector<std::string> alpn;  // client: what we offer; server: what we accept, best first (RFC 7301)
        std::vector<std::string> certificate_alpn;  // server: ask for a certificate only on these; empty: on all
        bool check_time = true;  // false: a machine whose clock is wrong believes a pinned authority all the same
        bool server = false;
        bool allow_tls12 = false;  // only for probes of foreign servers and for browsers
        // Client: for so long after a full handshake the next ones to the same name resume its session (RFC 8446 §2.2),
        // and Peer tells what that one saw. Zero: every handshake is a full one.
        std::chrono::seconds resume_for{0};
    };
    [[nodiscard]] static Result<Context> make(const Options& options);
    Context(Context&&) noexcept;
    Context& operator=(Context&&) noexcept;
    ~Context();
    struct Impl;
    [[nodiscard]] Impl& impl() const { return *impl_; }

private:
    explicit Context(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

struct Peer {
    std::optional<x509::CertificateInfo> certificate;
    std::vector<std::string> chain_pem;  // as shown by a server, leaf first; not kept for clients
    bool chain_trusted = false;
    Text chain_problem;  // why not: "expired"; empty when trusted
    std::string alpn;
    std::string version;  // "TLSv1.3"
    bool resumed = false;
};

class Stream {
public:
    Stream(asio::ip::tcp::socket socket, const Context& context);
    Stream(Stream&&) noexcept;
    Stream& operator=(Stream&&) noexcept;
    ~Stream();

    // Every operation ends by its deadline with Errc::timed_out; a close from the other side is Errc::unavailable.
    [[nodiscard]] asio::awaitable<Result<void>> accept(Deadline deadline);
    [[nodiscard]] asio::awaitable<Result<void>> connect(const std::string& server_name,
                                                        Deadline deadline);  // SNI and name check
    [[nodiscard]] asio::awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into,
                                                                 Deadline deadline);  // ≥ 1 byte
    [[nodiscard]] asio::awaitable<Result<void>> write_all(ByteView data, Deadline deadline);
    void close();  // close_notify without waiting, then the socket; ends waiting operations with Errc::cancelled

    [[nodiscard]] const Peer& peer() const;
    [[nodiscard]] asio::ip::tcp::socket& socket();
    [[nodiscard]] std::uint64_t bytes_in() const;  // plain bytes
    [[nodiscard]] std::uint64_t bytes_out() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;  // shared with waits under way
};

}  // namespace vg::tls
