#pragma once
// Turns bytes into requests, one after the other on a connection (RFC 9112). Holds never more than the limits allow.
// Boost.Beast is named in parser.cpp only. Used by one session.

#include "collector/http/message.hpp"

#include <memory>

namespace vg::collector::http {

class RequestParser {
public:
    enum class State {
        need_more,  // feed() again
        head,       // all but the body is there: call limit_body() and advance() again
        complete,   // take() it
        refused,    // the bytes break the protocol or a limit: answer refusal() and close
    };

    explicit RequestParser(std::size_t header_limit);
    ~RequestParser();

    void feed(ByteView data);
    [[nodiscard]] State advance();
    [[nodiscard]] const Request& head() const;
    [[nodiscard]] bool wants_continue() const;  // Expect: 100-continue
    void limit_body(std::size_t bytes);
    [[nodiscard]] Request take();  // ready for the next request; bytes that follow are kept
    [[nodiscard]] int refusal() const;
    [[nodiscard]] bool has_bytes() const;  // something of the next request is there

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vg::collector::http
