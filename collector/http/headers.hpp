#pragma once
// The head of an answer as bytes, with the headers that protect the page on every answer. Pure.

#include "collector/http/message.hpp"

namespace vg::collector::http {

// `close` adds "Connection: close"; a streaming response has no length. HEAD gets the length of the body it does not
// send.
[[nodiscard]] std::string head_of(const Response& response, bool close, Time now);
// An answer in the form of the API's errors: {"error":{"code","message":{"vi","en"}}}.
[[nodiscard]] Response error(int status, std::string_view code, std::string_view vi, std::string_view en);
[[nodiscard]] std::string http_date(Time time);  // "Sun, 22 Nov 2026 04:05:06 GMT" (RFC 9110 §5.6.7)

}  // namespace vg::collector::http
