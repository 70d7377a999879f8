#pragma once
// A probe: one function with a deadline and one result. A watcher: a long-lived one that reports when something
// happens. Both run on the agent's one io_context thread; what a C library blocks runs in its owner's own thread. The
// agent owns the instances; timing, logging, concurrency and the spool are added around them, once.

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/yaml.hpp"
#include "wire/observation.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vg::probes {

namespace asio = boost::asio;
using Deadline = std::chrono::steady_clock::time_point;

// What a probe gets from the house. Outlives the probe.
struct Surroundings {
    asio::io_context& io;
    Clock& clock;
    std::string state_dir = {};  // where a probe may keep a file of its own; empty: nowhere
};

// One entry of an assignment's list of probes, already checked for the keys that every probe has.
struct Task {
    std::string id;       // unique in the assignment; the target of its series
    std::string target;   // "10.1.0.1", "udp:10.1.0.1:161", "https://host/path", "eth0", a file ... each kind says
    std::string service;  // the register's service that this probe watches; empty: none
    yaml::Node options;   // the rest, for the kind's own parser
};

class Probe {
public:
    virtual ~Probe() = default;
    // Ends by the deadline. A target that does not answer is a result (loss 100 %), not an error; `error` is set only
    // when the probe could not look (no permission, no route to try). Cancelled by its cancellation slot.
    [[nodiscard]] virtual asio::awaitable<wire::Observation> run(Deadline deadline) = 0;
    // What was told may be lost. A probe that leaves out what did not change tells all of it with its next run.
    virtual void tell_all() {}
    // What `probe NAME --json` prints in place of an observation, of a kind with an `empty_description`: one JSON
    // object.
    [[nodiscard]] virtual asio::awaitable<Result<std::string>> describe(Deadline) {
        co_return fail(Errc::invalid_input,
                       say({"phép dò này không mô tả đích", "this probe does not describe its target"}));
    }
};

using Emit = std::function<void(wire::Observation)>;

class Watcher {
public:
    virtual ~Watcher() = default;
    // Runs until stop(); emits at once what happened. An Error ends it: the runner logs it and starts it again later.
    [[nodiscard]] virtual asio::awaitable<Result<void>> watch(Emit emit) = 0;
    virtual void stop() = 0;
    virtual void tell_all() {}  // as a probe's, with the next look
};

// One option of a kind, as configuration, help and docs name it.
struct Option {
    std::string_view key;       // "count"
    std::string_view form;      // what it takes: "1..1000", "duration", "text", "true|false", "list of text"
    std::string_view fallback;  // the value when it is left out; "-": none; "required": it must be given
    std::string_view vi, en;    // one line for people
};

// One series that a kind can yield.
struct Metric {
    std::string_view name;    // "icmp.loss"
    std::string_view unit;    // UCUM, as in wire::SeriesName
    std::string_view vi, en;  // short words for people
};

// A kind is either a probe (make_probe set) or a watcher (make_watcher set), never both.
struct Kind {
    std::string_view name;                           // "icmp"
    std::string_view vi, en;                         // one line for people
    std::string_view target_help;                    // "address or host name"
    std::vector<Option> options;                     // keys beside id, probe, target, every, timeout, service
    std::vector<Metric> metrics;                     // every series that it can yield; facts stand in wire/fact_table
    bool cheap_on_metered = true;                    // false: not run while the line is metered
    Millis once_timeout = std::chrono::seconds{10};  // of one run for a person
    // Of a kind whose probes have describe(): what that gives where nothing is known.
    std::string (*empty_description)() = nullptr;
    // Problems are added with their place; an empty pointer goes with at least one problem.
    std::unique_ptr<Probe> (*make_probe)(const Task&, Surroundings, Problems&) = nullptr;
    std::unique_ptr<Watcher> (*make_watcher)(const Task&, Surroundings, Problems&) = nullptr;
};

// The one table of all kinds (probes/registry.cpp); configuration, help and docs read it.
[[nodiscard]] std::span<const Kind> kinds();
[[nodiscard]] const Kind* find_kind(std::string_view name);
// The keys that an entry of this kind may have: the common ones (id, probe, target, every, timeout, service) and its
// own. For refuse_unknown_keys.
[[nodiscard]] std::vector<std::string_view> known_keys(const Kind& kind);

}  // namespace vg::probes
