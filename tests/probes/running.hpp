#pragma once
// Runs one awaitable to its end on an io_context of its own kind of test: no sleeping, the deadline is the caller's.

#include "probes/probe.hpp"
#include "wire/fact_table.hpp"

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cmath>
#include <exception>
#include <optional>

namespace vg::probes::testing {

using namespace std::chrono_literals;

inline Deadline in(std::chrono::steady_clock::duration time) { return std::chrono::steady_clock::now() + time; }

template <class T>
T run_until_done(asio::io_context& io, asio::awaitable<T> work) {
    std::optional<T> result;
    asio::co_spawn(io, std::move(work), [&](std::exception_ptr trouble, T value) {
        if (trouble) std::rethrow_exception(trouble);
        result.emplace(std::move(value));
    });
    io.restart();
    while (!result && io.run_one() > 0) {}
    if (!result) throw std::runtime_error("the work never ended");
    return std::move(*result);
}

// One entry of an assignment, written as people write it.
inline Task task_of(const std::string& text) {
    Problems problems;
    const auto documents = yaml::parse(text, "task.yaml", problems);
    EXPECT_TRUE(problems.empty()) << problems.text();
    Task task;
    if (documents.empty()) return task;
    const auto& root = documents.front();
    const auto text_at = [&](const char* key) {
        const auto* found = root.find(key);
        return found ? found->scalar : std::string();
    };
    task.id = text_at("id");
    task.target = text_at("target");
    task.service = text_at("service");
    task.options = root;
    return task;
}

inline std::optional<double> value_of(const wire::Observation& seen, std::string_view metric) {
    for (const auto& sample : seen.samples)
        if (sample.series.metric == metric) return sample.value;
    return {};
}

inline const wire::Fact* fact_of(const wire::Observation& seen, wire::SubjectKind kind, std::string_view name) {
    for (const auto& fact : seen.facts)
        if (fact.subject.kind == kind && fact.name == name) return &fact;
    return nullptr;
}

inline bool is_of_type(const wire::FactValue& value, wire::FactType type) {
    switch (type) {
        case wire::FactType::boolean: return std::holds_alternative<bool>(value);
        case wire::FactType::integer: return std::holds_alternative<std::int64_t>(value);
        case wire::FactType::real: return std::holds_alternative<double>(value);
        case wire::FactType::text: return std::holds_alternative<std::string>(value);
    }
    return false;
}

// Every fact stands in wire/fact_table with its type, every sample among the kind's metrics with its unit.
inline void expect_conform(const Kind& kind, const wire::Observation& seen) {
    for (const auto& fact : seen.facts) {
        const auto* row = wire::find_fact(fact.subject.kind, fact.name);
        ASSERT_NE(row, nullptr) << fact.name << " does not stand in wire/fact_table";
        EXPECT_TRUE(std::holds_alternative<std::monostate>(fact.value) || is_of_type(fact.value, row->type))
            << fact.name << " has another type in wire/fact_table";
    }
    for (const auto& sample : seen.samples) {
        EXPECT_TRUE(std::isfinite(sample.value)) << sample.series.metric;
        EXPECT_TRUE(std::any_of(kind.metrics.begin(), kind.metrics.end(),
                                [&](const Metric& metric) {
                                    return metric.name == sample.series.metric && metric.unit == sample.series.unit;
                                }))
            << sample.series.metric << " in " << sample.series.unit << " is not among the metrics of " << kind.name;
    }
}

}  // namespace vg::probes::testing
