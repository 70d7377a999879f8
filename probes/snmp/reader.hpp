#pragma once
// Reads tables and single values through a session until a deadline. What a device does not answer is left out; only
// one that says nothing at all is an error. Any number of readers share a thread.

#include "probes/snmp/session.hpp"

namespace vg::probes::snmp {

struct Table {
    Rows rows;
    bool is_whole = true;  // false: cut off by the deadline, a limit or silence
};

class Reader {
public:
    // `session` outlives the reader.
    Reader(Session& session, Until deadline) : session_(session), deadline_(deadline) {}

    [[nodiscard]] boost::asio::awaitable<Table> table(Oid entry, std::vector<std::uint32_t> columns);
    // Those of the instances that exist. An error only when the first question finds no one.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Binding>>> values(std::vector<Oid> oids);
    // For each object the first of its instances (at most a few) that says something.
    [[nodiscard]] boost::asio::awaitable<std::vector<Binding>> first_of(std::vector<Oid> objects);
    // The numbers of the vendors of whom the device has objects.
    [[nodiscard]] boost::asio::awaitable<std::vector<std::uint32_t>> enterprises();
    // The first variables under `base`, of long columns some rows only; at most `most`, in few questions.
    [[nodiscard]] boost::asio::awaitable<std::vector<Binding>> first_under(Oid base, std::size_t most);

private:
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Binding>>> values_at_once(std::vector<Oid> oids);
    [[nodiscard]] boost::asio::awaitable<Result<Answer>> ask(Request request);

    Session& session_;
    Until deadline_;
    int silences_ = 0;  // since the last answer
};

}  // namespace vg::probes::snmp
