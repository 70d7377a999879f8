#include "probes/resolve.hpp"

namespace vg::probes {

asio::awaitable<Result<std::vector<asio::ip::address>>> resolve(std::string host, Family family, Deadline) {
    boost::system::error_code not_literal;
    const auto literal = asio::ip::make_address(host, not_literal);
    if (not_literal) co_return fail(Errc::not_found, host + " is not an address.");
    if ((family == Family::v4 && !literal.is_v4()) || (family == Family::v6 && !literal.is_v6()))
        co_return fail(Errc::invalid_input, host + " is of the other family.");
    co_return std::vector{literal};
}

}  // namespace vg::probes
