#pragma once
// A name server for tests on loopback, UDP and TCP on one port: answers from a table, and can be told to misbehave.

#include "probes/dns/message.hpp"
#include "tests/probes/running.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <map>

namespace vg::probes::testing {

// Bytes of a message, written by hand so that the reader is not tested against its own mirror.
class MessageBytes {
public:
    MessageBytes& u16(unsigned value) {
        bytes.push_back(static_cast<std::uint8_t>(value >> 8));
        bytes.push_back(static_cast<std::uint8_t>(value));
        return *this;
    }
    MessageBytes& raw(std::initializer_list<unsigned> values) {
        for (const auto value : values) bytes.push_back(static_cast<std::uint8_t>(value));
        return *this;
    }
    MessageBytes& name(const std::string& text) {
        for (std::size_t at = 0; at < text.size();) {
            const auto dot = std::min(text.find('.', at), text.size());
            bytes.push_back(static_cast<std::uint8_t>(dot - at));
            bytes.insert(bytes.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                         text.begin() + static_cast<std::ptrdiff_t>(dot));
            at = dot + 1;
        }
        bytes.push_back(0);
        return *this;
    }
    // A record that is named by a pointer to the question (offset 12).
    MessageBytes& record(unsigned type, const Bytes& data) {
        raw({0xc0, 12}).u16(type).u16(1).u16(0).u16(60).u16(static_cast<unsigned>(data.size()));
        bytes.insert(bytes.end(), data.begin(), data.end());
        return *this;
    }
    Bytes bytes;
};

class NameServer {
public:
    explicit NameServer(asio::io_context& io) : udp_(io), tcp_(io) {
        take_port(io);
        asio::co_spawn(io, serve_udp(), [](std::exception_ptr) {});
        asio::co_spawn(io, serve_tcp(), [](std::exception_ptr) {});
    }
    ~NameServer() { stop(); }
    // One port for both: a port that is free for UDP may be somebody's for TCP.
    void take_port(asio::io_context& io) {
        const auto loopback = asio::ip::address_v4::loopback();
        for (int tries = 1;; ++tries) try {
                udp_ = asio::ip::udp::socket(io, {loopback, 0});
                tcp_ = asio::ip::tcp::acceptor(io, {loopback, udp_.local_endpoint().port()});
                port_ = udp_.local_endpoint().port();
                return;
            } catch (const boost::system::system_error&) {
                if (tries == 50) throw;
            }
    }
    void stop() {
        boost::system::error_code ignored;
        udp_.close(ignored);
        tcp_.close(ignored);
    }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] asio::ip::udp::endpoint endpoint() const { return {asio::ip::address_v4::loopback(), port_}; }
    [[nodiscard]] std::string text() const { return "127.0.0.1:" + std::to_string(port_); }

    std::map<std::pair<std::string, unsigned>, std::vector<Bytes>> records;  // (name, type) to data
    unsigned rcode_of_unknown = dns::rcode_no_such_name;
    bool is_silent = false;
    bool truncates = false;  // over UDP
    int forgeries = 0;       // replies with a wrong number before each true one
    int ignores = 0;         // questions that are lost
    int questions = 0;

private:
    Bytes reply_to(ByteView question, bool is_udp, unsigned id_change = 0) {
        const auto id = static_cast<unsigned>(question[0] << 8 | question[1]);
        std::string name;
        std::size_t at = 12;
        while (question[at] != 0) {
            if (!name.empty()) name += '.';
            name.append(reinterpret_cast<const char*>(question.data()) + at + 1, question[at]);
            at += 1u + question[at];
        }
        const auto type = static_cast<unsigned>(question[at + 1] << 8 | question[at + 2]);
        const auto found = records.find({name, type});
        const bool cut = is_udp && truncates;
        const auto count = found == records.end() || cut ? 0 : found->second.size();
        MessageBytes out;
        out.u16(id ^ id_change).u16(0x8180 | (cut ? 0x0200 : 0) | (found == records.end() ? rcode_of_unknown : 0));
        out.u16(1).u16(static_cast<unsigned>(count)).u16(0).u16(0).name(name).u16(type).u16(1);
        if (!cut && found != records.end())
            for (const auto& data : found->second) out.record(type, data);
        return out.bytes;
    }
    asio::awaitable<void> serve_udp() {
        std::array<std::uint8_t, 512> buffer;
        for (;;) {
            asio::ip::udp::endpoint from;
            const auto size = co_await udp_.async_receive_from(asio::buffer(buffer), from, asio::use_awaitable);
            ++questions;
            if (is_silent || ignores-- > 0) continue;
            const auto question = ByteView(buffer).first(size);
            for (int i = 0; i < forgeries; ++i)
                co_await udp_.async_send_to(asio::buffer(reply_to(question, true, 1)), from, asio::use_awaitable);
            co_await udp_.async_send_to(asio::buffer(reply_to(question, true)), from, asio::use_awaitable);
        }
    }
    asio::awaitable<void> serve_tcp() {
        for (;;) {
            auto socket = co_await tcp_.async_accept(asio::use_awaitable);
            std::array<std::uint8_t, 2> size;
            co_await asio::async_read(socket, asio::buffer(size), asio::use_awaitable);
            Bytes question(static_cast<std::size_t>(size[0] << 8 | size[1]));
            co_await asio::async_read(socket, asio::buffer(question), asio::use_awaitable);
            const auto reply = reply_to(question, false);
            Bytes framed{static_cast<std::uint8_t>(reply.size() >> 8), static_cast<std::uint8_t>(reply.size())};
            framed.insert(framed.end(), reply.begin(), reply.end());
            co_await asio::async_write(socket, asio::buffer(framed), asio::use_awaitable);
        }
    }
    asio::ip::udp::socket udp_;
    asio::ip::tcp::acceptor tcp_;
    std::uint16_t port_ = 0;
};

}  // namespace vg::probes::testing
