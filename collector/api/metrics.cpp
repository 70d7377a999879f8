#include "collector/api/metrics.hpp"

#include "rules/gaps.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>

namespace vg::collector::api {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily counter(std::string name, std::string help, double value) {
    ClientMetric metric;
    metric.counter.value = value;
    return {"vonggac_" + std::move(name), std::move(help), MetricType::Counter, {metric}};
}

MetricFamily gauge(std::string name, std::string help, double value) {
    ClientMetric metric;
    metric.gauge.value = value;
    return {"vonggac_" + std::move(name), std::move(help), MetricType::Gauge, {metric}};
}

double of(const Count& count) { return static_cast<double>(count.load()); }

MetricFamily refusals(const Counters& counters) {
    using enum wire::RefuseCode;
    static constexpr std::array codes{
        malformed_frame,     oversized_frame,     wrong_version,       unknown_message, too_slow,       no_certificate,
        foreign_certificate, revoked_certificate, expired_certificate, key_in_use,      token_unknown,  token_expired,
        token_used_up,       bad_request,         request_not_allowed, unknown_series,  malformed_body, batch_conflict,
        store_unavailable,   shutting_down,       overloaded};
    MetricFamily family{"vonggac_refusals_total", "What agents were refused, by reason", MetricType::Counter, {}};
    for (const auto code : codes) {
        ClientMetric metric;
        metric.label = {{"reason", wire::to_string(code)}};
        metric.counter.value = static_cast<double>(counters.refusals(code));
        family.metric.push_back(metric);
    }
    return family;
}

}  // namespace

GaugesNow gauges(Pipeline& pipeline) {
    GaugesNow out;
    for (const auto& [id, agent] : pipeline.agents().all()) {
        if (agent.state() == AgentState::revoked) continue;
        ++out.agents;
        out.agents_heard += agent.state() == AgentState::heard ? 1 : 0;
    }
    for (const auto& gap : pipeline.gaps().gaps())
        ++(gap.state == rules::GapState::pending ? out.gaps_pending : out.gaps_open);
    return out;
}

std::string metrics_text(const Counters& c, const GaugesNow& now) {
    std::vector<MetricFamily> families{
        gauge("agents", "Agents enrolled and not revoked", static_cast<double>(now.agents)),
        gauge("agents_heard", "Agents being heard", static_cast<double>(now.agents_heard)),
        gauge("gaps_open", "Gaps open or acknowledged", static_cast<double>(now.gaps_open)),
        gauge("gaps_pending", "Gaps not yet open", static_cast<double>(now.gaps_pending)),
        gauge("live_listeners", "Pages that listen to live events", static_cast<double>(now.listeners)),
        gauge("samples_per_second", "Samples made durable, lately", now.samples_per_s),
        gauge("connections_open", "TLS connections", of(c.connections_open)),
        gauge("sessions_open", "Agents' sessions past their hello", of(c.sessions_open)),
        gauge("queue_batches", "Batches waiting for the pipeline", of(c.queue_batches)),
        gauge("queue_bytes", "Bytes waiting for the pipeline", of(c.queue_bytes)),
        gauge("housekeeping_pending", "1 while finished days wait to be packed", of(c.housekeeping_pending)),
        counter("connections_total", "Connections accepted", of(c.connections)),
        counter("handshakes_failed_total", "TLS handshakes that failed", of(c.handshakes_failed)),
        counter("received_bytes_total", "Plain bytes from agents", of(c.bytes_in)),
        counter("sent_bytes_total", "Plain bytes to agents", of(c.bytes_out)),
        counter("frames_total", "Frames from agents", of(c.frames_in)),
        counter("heartbeats_total", "Heartbeats from agents", of(c.heartbeats)),
        counter("batches_total", "Batches committed", of(c.batches)),
        counter("duplicates_total", "Batches that were there already", of(c.duplicates)),
        counter("samples_total", "Samples committed", of(c.samples)),
        counter("facts_total", "Facts committed", of(c.facts)),
        counter("events_total", "Events committed", of(c.events)),
        counter("facts_refused_total", "Facts that the fact table does not name", of(c.facts_refused)),
        counter("late_batches_total", "Batches folded in late", of(c.late_batches)),
        counter("rewritten_gaps_total", "Gaps corrected by late data", of(c.rewritten_gaps)),
        counter("enrolments_total", "Agents enrolled", of(c.enrolments)),
        counter("renewals_total", "Certificates renewed", of(c.renewals)),
        counter("keys_in_use_total", "Second holders of a live key", of(c.keys_in_use)),
        counter("commits_total", "Transactions", of(c.commits)),
        counter("commit_seconds_total", "Time spent in transactions", of(c.commit_microseconds) / 1e6),
        counter("commit_failures_total", "Transactions that failed", of(c.commit_failures)),
        counter("chain_breaks_total", "Events that did not continue their chain", of(c.chain_breaks)),
        refusals(c)};
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace vg::collector::api
