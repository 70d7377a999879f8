#pragma once
// Enrolment: a token that names the collector's authority by its hash, in exchange for a certificate. Nothing is sent
// before the server has proved, under exactly that authority, that it is the collector. On the agent's one thread.

#include "agent/config.hpp"
#include "agent/identity.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <string>

namespace vg::agent {

namespace asio = boost::asio;

struct EnrolOptions {
    HostPort collector;
    std::string server_name;
    std::string state_dir;
    std::string token;
    std::string host_name, machine_id;
};

// The token of the command line or, when that is empty, of the configuration's token_file, trimmed and checked; an
// error names where it stands and what to do.
[[nodiscard]] Result<std::string> find_token(const std::string& given, const Config& config);

// The identity is in the state directory when this returns it. What the agent held before is replaced.
[[nodiscard]] asio::awaitable<Result<Identity>> enrol(asio::io_context& io, EnrolOptions options);

// What to do about a refusal of an enrolment; empty: the collector's sentence says it.
[[nodiscard]] Text enrolment_advice(wire::RefuseCode code);

}  // namespace vg::agent
