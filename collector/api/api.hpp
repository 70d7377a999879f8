#pragma once
// The collector's HTTP application: pages, API, live events, metrics and health on one listener. Lives on the network
// thread; what it knows of users and the register it reads and changes on the pipeline thread, one hop a request. Owned
// by main; core and io outlive it, and the core has to be stopped before it goes.

#include "collector/api/call.hpp"
#include "collector/core.hpp"
#include "collector/http/server.hpp"

#include <memory>

namespace vg::collector::api {

class Api final : public http::Application {
public:
    struct Options {
        std::string web_root;
        std::string authority_fingerprint;
    };
    Api(asio::io_context& io, Core& core, auth::Accounts accounts, Options options);
    ~Api() override;

    [[nodiscard]] std::size_t max_body(const http::Request& head) const override;
    [[nodiscard]] asio::awaitable<http::Response> answer(const http::Request& request) override;

    // Tells live listeners what changed and takes up a register that another process brought in; until stop().
    [[nodiscard]] asio::awaitable<void> run();
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

// The OpenAPI description, as text.
[[nodiscard]] std::string_view openapi_yaml();

}  // namespace vg::collector::api
