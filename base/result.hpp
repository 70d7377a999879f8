#pragma once
// Errors as values. An Error is one small enum and one sentence for a person, in both languages: what, where, what to
// do. Logs are English.
// Result<T> is either a T or an Error; it may be used from any thread.

#include "base/words.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <utility>

namespace vg {

enum class Errc {
    invalid_input,  // what came from outside breaks its format or its limits
    not_found,      // the named thing does not exist
    refused,        // the other side said no
    unauthorised,   // who asks may not do this
    conflict,       // it exists already, or changed meanwhile
    unavailable,    // the network, the device or the service does not answer now
    timed_out,      // the caller's deadline passed
    cancelled,      // asked to stop; never logged
    no_space,       // disk full or quota reached
    corrupt,        // stored data fails its check
    permission,     // the operating system said no
    internal,       // a fault of ours
};

[[nodiscard]] const char* to_string(Errc code) noexcept;

struct Error {
    Errc code = Errc::internal;
    std::string message;  // one clear sentence, no trailing newline
    std::string vi;       // the same in Vietnamese
};

[[nodiscard]] inline Text told(const Error& error) { return {error.vi, error.message}; }
[[nodiscard]] inline Text value_of(const Error& error) { return told(error); }

// Lets Result<T>::value() throw std::runtime_error with the sentence.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

template <class T>
using Result = boost::system::result<T, Error>;

[[nodiscard]] inline Error fail(Errc code, Text words) { return Error{code, std::move(words.en), std::move(words.vi)}; }

}  // namespace vg
