#include "base/result.hpp"

#include <stdexcept>

namespace vg {

const char* to_string(Errc code) noexcept {
    switch (code) {
        case Errc::invalid_input: return "invalid_input";
        case Errc::not_found: return "not_found";
        case Errc::refused: return "refused";
        case Errc::unauthorised: return "unauthorised";
        case Errc::conflict: return "conflict";
        case Errc::unavailable: return "unavailable";
        case Errc::timed_out: return "timed_out";
        case Errc::cancelled: return "cancelled";
        case Errc::no_space: return "no_space";
        case Errc::corrupt: return "corrupt";
        case Errc::permission: return "permission";
        case Errc::internal: return "internal";
    }
    return "internal";
}

void throw_exception_from_error(const Error& error, const boost::source_location&) {
    throw std::runtime_error(error.message);
}

}  // namespace vg
