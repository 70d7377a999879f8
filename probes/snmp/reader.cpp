#include "probes/snmp/reader.hpp"

#include "probes/snmp/survey.hpp"

#include <algorithm>

namespace vg::probes::snmp {
namespace {

constexpr std::size_t values_a_question = 24;
constexpr int rows_of_first = 3;
constexpr int most_enterprises = 12;
constexpr int values_of_a_look = 25, most_looks = 24;
constexpr int most_silences = 4;  // each of them is two sendings

bool says_something(const Value& value) {
    if (const auto* said = std::get_if<std::string>(&value)) return !text(&value).empty() && !said->empty();
    return !std::holds_alternative<std::monostate>(value);
}

}  // namespace

boost::asio::awaitable<Result<Answer>> Reader::ask(Request request) {
    if (silences_ >= most_silences)
        co_return fail(Errc::timed_out, say({"thiết bị đã ngừng trả lời", "the device has fallen silent"}));
    auto answer = co_await session_.ask(std::move(request), deadline_);
    if (answer)
        silences_ = 0;
    else
        ++silences_;
    co_return answer;
}

boost::asio::awaitable<Table> Reader::table(Oid entry, std::vector<std::uint32_t> columns) {
    Walk walk(std::move(entry), columns, session_.can_bulk());
    Table table;
    for (auto request = walk.next(); !request.oids.empty(); request = walk.next()) {
        const auto answer = co_await ask(std::move(request));
        if (answer) {
            walk.take(*answer);
            continue;
        }
        if (answer.error().code != Errc::timed_out || std::chrono::steady_clock::now() >= deadline_ ||
            silences_ >= most_silences) {
            table.is_whole = false;
            break;
        }
        walk.take_silence();
    }
    table.is_whole = table.is_whole && walk.is_whole();
    table.rows = walk.take_rows();
    co_return table;
}

boost::asio::awaitable<Result<std::vector<Binding>>> Reader::values(std::vector<Oid> oids) {
    std::vector<Binding> all;
    for (std::size_t from = 0; from < oids.size(); from += values_a_question) {
        const auto to = std::min(oids.size(), from + values_a_question);
        std::vector<Oid> some(oids.begin() + static_cast<long>(from), oids.begin() + static_cast<long>(to));
        auto answer = co_await values_at_once(std::move(some));
        if (!answer && from == 0) co_return answer.error();
        if (!answer) break;
        for (auto& binding : *answer) all.push_back(std::move(binding));
    }
    co_return all;
}

// v1 refuses a question for one missing value; others find it too big. What is refused is left out, or halved.
boost::asio::awaitable<Result<std::vector<Binding>>> Reader::values_at_once(std::vector<Oid> oids) {
    std::vector<Binding> all;
    std::vector<Oid> later;
    while (!oids.empty()) {
        Request request{Ask::get, oids, 0};
        const auto answer = co_await ask(std::move(request));
        if (!answer) {
            if (all.empty() && later.empty()) co_return answer.error();
            break;
        }
        const auto index = static_cast<std::size_t>(answer->error_index);
        if (answer->error == 0) {
            for (const auto& binding : answer->bindings)
                if (!std::holds_alternative<std::monostate>(binding.value)) all.push_back(binding);
            oids = std::move(later);
            later.clear();
        } else if (answer->error != too_big && index >= 1 && index <= oids.size()) {
            oids.erase(oids.begin() + static_cast<long>(index) - 1);
            if (oids.empty()) oids.swap(later);
        } else if (oids.size() > 1) {
            const auto half = oids.begin() + static_cast<long>(oids.size() / 2);
            later.insert(later.end(), half, oids.end());
            oids.erase(half, oids.end());
        } else {
            oids = std::move(later);
            later.clear();
        }
    }
    co_return all;
}

boost::asio::awaitable<std::vector<Binding>> Reader::first_of(std::vector<Oid> objects) {
    std::vector<Binding> all;
    for (std::size_t from = 0; from < objects.size(); from += values_a_question) {
        const auto to = std::min(objects.size(), from + values_a_question);
        auto cursors =
            std::vector<Oid>(objects.begin() + static_cast<long>(from), objects.begin() + static_cast<long>(to));
        auto wanted = cursors;
        for (int step = 0; step < rows_of_first && !wanted.empty(); ++step) {
            Request request{Ask::next, cursors, 0};
            const auto answer = co_await ask(std::move(request));
            std::vector<Oid> open, open_cursors;
            if (answer && answer->error == no_such_name && answer->error_index >= 1 &&
                static_cast<std::size_t>(answer->error_index) <= wanted.size()) {
                cursors.erase(cursors.begin() + answer->error_index - 1);
                wanted.erase(wanted.begin() + answer->error_index - 1);
                --step;
                continue;
            }
            if (!answer || answer->error != 0) break;
            for (std::size_t i = 0; i < wanted.size() && i < answer->bindings.size(); ++i) {
                const auto& binding = answer->bindings[i];
                if (!is_under(binding.oid, wanted[i]) || binding.oid <= cursors[i]) continue;
                if (says_something(binding.value)) {
                    all.push_back(binding);
                } else {
                    open.push_back(wanted[i]);
                    open_cursors.push_back(binding.oid);
                }
            }
            wanted = std::move(open);
            cursors = std::move(open_cursors);
        }
    }
    co_return all;
}

boost::asio::awaitable<std::vector<std::uint32_t>> Reader::enterprises() {
    std::vector<std::uint32_t> all;
    Oid cursor = private_enterprises;
    for (int i = 0; i < most_enterprises; ++i) {
        Request request{Ask::next, {cursor}, 0};
        const auto answer = co_await ask(std::move(request));
        if (!answer || answer->error != 0 || answer->bindings.empty()) break;
        const auto& found = answer->bindings.front();
        if (!is_under(found.oid, private_enterprises) || std::holds_alternative<std::monostate>(found.value)) break;
        const auto number = found.oid[private_enterprises.size()];
        if (!all.empty() && number <= all.back()) break;
        all.push_back(number);
        if (number == UINT32_MAX) break;
        cursor = private_enterprises + (number + 1);
    }
    co_return all;
}

boost::asio::awaitable<std::vector<Binding>> Reader::first_under(Oid base, std::size_t most) {
    std::vector<Binding> all;
    auto cursor = base;
    for (int look = 0; look < most_looks && all.size() < most; ++look) {
        Request request{
            session_.can_bulk() ? Ask::bulk : Ask::next, {cursor}, session_.can_bulk() ? values_of_a_look : 0};
        const auto answer = co_await ask(std::move(request));
        if (!answer || answer->error != 0) break;
        const auto before = cursor;
        for (const auto& binding : answer->bindings) {
            if (!is_under(binding.oid, base) || std::holds_alternative<std::monostate>(binding.value)) co_return all;
            if (binding.oid <= cursor) continue;
            cursor = binding.oid;
            all.push_back(binding);
            if (auto next = behind_column(all); !next.empty()) cursor = std::move(next);
        }
        if (cursor == before) break;
    }
    co_return all;
}

}  // namespace vg::probes::snmp
