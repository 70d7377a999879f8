#pragma once
// A small province for fuzzers of the collector: a store in memory, a register, users with known passwords and
// sessions, one agent at each of two sites, and a clock of its own. One thread, but for what a Core starts.

#include "collector/pipeline.hpp"
#include "tests/fuzz/round_trip.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vg::fuzz {

// Each role has a user of its name with this password, a session with "session-ROLE" as the cookie's secret and "csrf"
// as its X-CSRF, and an API token "vga1.ROLE". The officer's unit is that of site HA01.
inline constexpr std::string_view password = "right password";
inline constexpr std::string_view roles[] = {"administrator", "operator", "officer", "auditor"};

class Province {
public:
    Province();
    Province(const Province&) = delete;

    // Opens the store that the province has, every time anew: what was written stays as long as the province.
    [[nodiscard]] std::unique_ptr<collector::Store> store() const;
    // A pipeline over that store with the register in force and two rules.
    [[nodiscard]] collector::Pipeline::Parts parts();
    [[nodiscard]] ManualClock& clock() { return clock_; }
    [[nodiscard]] collector::Counters& counters() { return counters_; }

    // The agents "a1" of HA01 and "a2" of HA02 are enrolled (once) and connect.
    void enrol(collector::Pipeline& pipeline);
    void connect(collector::Pipeline& pipeline);
    using Facts = std::vector<wire::Fact>;
    void tell(collector::Pipeline& pipeline, int agent, const Facts& facts);
    // A failed log-in, and a sample of a line's latency.
    void tell_events(collector::Pipeline& pipeline, int agent);
    void tell_samples(collector::Pipeline& pipeline, int agent);
    // Both agents are heard all the while.
    void pass(collector::Pipeline& pipeline, Millis time);

private:
    void give(collector::Pipeline& pipeline, int agent, decltype(collector::Delivery::what) what);
    wire::Batch batch(wire::BatchClass batch_class, Bytes body);

    std::string name_;         // of the database in memory
    sqlite::Database holder_;  // keeps it
    ManualClock clock_;
    collector::Counters counters_;
    std::uint64_t seq_ = 0;
};

// Must succeed: what the fuzzer itself needs.
template <class T>
T must(Result<T> result) {
    require(result.has_value());
    return std::move(*result);
}

// A JSON text that every reader takes; UTF-8 is part of it.
void require_json(std::string_view text);

}  // namespace vg::fuzz
