#pragma once
// A whole collector on loopback for tests, and an agent that does exactly what the test says. The house runs its io in
// a thread of its own; scripted agents run on the test's thread.

#include "collector/core.hpp"
#include "collector/listener.hpp"
#include "collector/tokens.hpp"
#include "wire/frame.hpp"
#include "wire/limits.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <optional>
#include <thread>
#include <variant>

namespace vg::collector::test {

inline const std::string first_boot(32, '1');
inline const std::string second_boot(32, '2');

struct Folder {
    std::filesystem::path path;
    Folder();
    ~Folder();
};

// One site in one commune, with one line.
inline constexpr const char* small_register = R"(
units:
  - { code: "20900", level: commune, kind: xa, name: "Trà My" }
sites:
  - { id: HA01, name: "Trụ sở", unit: "20900" }
uplinks:
  - { site: HA01, name: fibre, kind: fibre, primary: true }
)";

// A pipeline without network, on the test's own turns and clock; its store is in the folder.
[[nodiscard]] std::unique_ptr<Pipeline> lone_pipeline(const Folder& folder, Clock& clock, Counters& counters,
                                                      const char* register_yaml,
                                                      const std::vector<std::string>& rule_paths = {});

class House {
public:
    using WrapStore = std::function<std::unique_ptr<Store>(std::unique_ptr<Store>)>;
    explicit House(FrameLimits frames = {}, std::optional<std::string> data_dir = std::nullopt,
                   const WrapStore& wrap = {});
    ~House();

    [[nodiscard]] std::string token(std::uint32_t uses = 1, Millis valid = std::chrono::hours(1));
    // Runs on the pipeline thread and waits.
    template <class F>
    auto in_pipeline(F fn) {
        std::promise<std::invoke_result_t<F&, Pipeline&>> answer;
        core->post([&](Pipeline& pipeline) { answer.set_value(fn(pipeline)); });
        return answer.get_future().get();
    }

    Folder folder;
    std::string dir;
    std::shared_ptr<Authority> authority;
    Counters counters;
    boost::asio::io_context io;
    std::unique_ptr<Core> core;
    std::unique_ptr<Listener> listener;
    std::atomic<int> http_connections{0};
    std::thread thread;
};

struct Credentials {
    x509::Identity identity;
    std::string id;
};

class ScriptedAgent {
public:
    ScriptedAgent(std::uint16_t port, std::string authority_pem, std::optional<x509::Identity> identity,
                  const char* alpn = wire::limits::alpn_agent);
    ~ScriptedAgent();

    [[nodiscard]] bool connect();
    bool send(ByteView bytes);
    template <class M>
    bool say(wire::FrameType type, const M& message) {
        Bytes out;
        wire::append_message(type, message, out);
        return send(out);
    }
    // The next frame, or nothing when the connection ended (or 10 s passed).
    [[nodiscard]] std::optional<wire::Frame> hear();
    template <class M>
    [[nodiscard]] std::optional<M> hear(wire::FrameType type) {  // skips others
        while (auto frame = hear()) {
            if (frame->type != type) continue;
            auto message = wire::decode<M>(frame->payload);
            return message ? std::optional<M>(std::move(*message)) : std::nullopt;
        }
        return std::nullopt;
    }
    [[nodiscard]] std::optional<wire::RefuseCode> refusal();
    [[nodiscard]] std::optional<wire::Welcome> greet(const wire::Hello& hello);
    // Of the server's certificate, as it was shown at connect().
    [[nodiscard]] Time server_until() const { return stream_->peer().certificate->not_after; }
    void close();

private:
    boost::asio::io_context io_;
    tls::Context context_;
    std::optional<tls::Stream> stream_;
    std::uint16_t port_;
    wire::FrameParser parser_{wire::limits::max_frame};
};

[[nodiscard]] wire::Hello hello(const std::string& boot = first_boot, std::uint64_t epoch = 7);
[[nodiscard]] wire::Names names(std::size_t n = 2);
[[nodiscard]] wire::Batch samples(std::uint64_t seq, std::size_t series = 2, const std::string& boot = {});
// Enrols over the wire; the refusal when it was refused.
[[nodiscard]] std::variant<Credentials, wire::RefuseCode> enrol(House& house, const std::string& token);
[[nodiscard]] std::variant<Credentials, wire::RefuseCode> enrol(std::uint16_t port, const std::string& authority_pem,
                                                                const std::string& token);
[[nodiscard]] Credentials enrolled(House& house);

}  // namespace vg::collector::test
