// Who comes, who is still there and who goes.

#include "base/log.hpp"
#include "collector/pipeline_state.hpp"
#include "collector/register/assignment.hpp"
#include "collector/store/seq_set.hpp"
#include "wire/limits.hpp"

#include <algorithm>

namespace vg::collector {
namespace {

using wire::RefuseCode;

constexpr Millis alive = std::chrono::seconds(15);  // an older connection that said nothing for longer is dead

// What is missing and not told as lost.
std::vector<wire::SeqRange> without(std::vector<wire::SeqRange> missing, const std::vector<wire::LostRange>& lost) {
    for (const auto& gone : lost) {
        std::vector<wire::SeqRange> rest;
        for (const auto& range : missing) {
            if (gone.seqs.last < range.first || gone.seqs.first > range.last) {
                rest.push_back(range);
                continue;
            }
            if (range.first < gone.seqs.first) rest.push_back({range.first, gone.seqs.first - 1});
            if (range.last > gone.seqs.last) rest.push_back({gone.seqs.last + 1, range.last});
        }
        missing = std::move(rest);
    }
    return missing;
}

}  // namespace

void Pipeline::Impl::answer(Turn& turn, ConnectionId id, const std::weak_ptr<Mailbox>& mailbox, Reply reply) {
    auto& to = turn.answers[id];
    to.mailbox = mailbox;
    to.replies.push_back(std::move(reply));
}

void Pipeline::Impl::take(Turn& turn, Delivery& delivery, Opened& opened) {
    if (auto refuse = check_agent(turn, opened, delivery.connection)) {
        answer(turn, delivery.connection, delivery.mailbox, std::move(*refuse));
        return;
    }
    auto& agent = *agents.find(opened.certificate.subject_cn);
    auto kept = keep_losses(opened.hello, agent);
    auto words = welcome(opened, agent);
    if (!kept || !words) {
        answer(turn, delivery.connection, delivery.mailbox,
               wire::Refuse{
                   RefuseCode::store_unavailable, "the collector cannot use its disk now; keep the data", {}, 10'000});
        return;
    }
    if (const auto older = connection_of.find(agent.enrolment.id); older != connection_of.end())
        disconnect(turn, older->second, wire::Refuse{RefuseCode::shutting_down, "this agent has connected anew"});

    Connection connection{.agent = agent.enrolment.id,
                          .site = agent.enrolment.site,
                          .epoch = opened.hello.spool_epoch,
                          .boot_id = opened.hello.boot.boot_id,
                          .device_wall_at_zero_ms = opened.hello.boot.device_wall_at_zero_ms,
                          .mailbox = delivery.mailbox,
                          .clock = SessionClock(opened.round_trip),
                          .last_frame = delivery.received,
                          .assignment_version = opened.hello.assignment_version};
    connection.clock.observe(delivery.received, opened.hello.mono_ms);
    auto& now = agent.now;
    now.connected = true;
    now.version = opened.hello.software;
    now.address = opened.address;
    now.boot_id = connection.boot_id;
    now.began_ms = opened.hello.began_ms;
    now.epoch = connection.epoch;
    now.bye.clear();
    const auto offset = connection.clock.offset();
    now.clock_offset_ms = connection.device_wall_at_zero_ms - offset.at_zero_ms;
    now.clock_error_ms = offset.error_ms;
    connection_of[connection.agent] = delivery.connection;
    const auto& stored = connections[delivery.connection] = std::move(connection);
    is_heard(turn, stored);
    tell_own(turn, wire::SubjectKind::agent, stored.agent, "clock_offset_ms", now.clock_offset_ms);
    answer(turn, delivery.connection, delivery.mailbox, std::move(*words));
    send_assignment(turn, delivery.connection, opened.hello.assignment_version);
}

std::optional<wire::Refuse> Pipeline::Impl::check_agent(Turn& turn, const Opened& opened, ConnectionId id) {
    auto* agent = agents.find(opened.certificate.subject_cn);
    if (agent == nullptr)
        return wire::Refuse{RefuseCode::foreign_certificate, "this collector does not know the agent"};
    auto& enrolment = agent->enrolment;
    if (enrolment.revoked)
        return wire::Refuse{RefuseCode::revoked_certificate, "this agent was revoked; enrol it again"};
    const auto& key = opened.certificate.key_sha256_hex;
    if (key != enrolment.key_sha256_hex && key != enrolment.previous_key_sha256)
        return wire::Refuse{RefuseCode::revoked_certificate, "this key was replaced by a newer one"};
    const auto older = connection_of.find(enrolment.id);
    if (older != connection_of.end() && older->second != id) {
        const auto& connection = connections.at(older->second);
        const bool same_machine = connection.boot_id == opened.hello.boot.boot_id;
        if (!same_machine && turn.now - connection.last_frame < alive) {
            flag_key_in_use(turn, connection, opened);
            return wire::Refuse{RefuseCode::key_in_use,
                                "another machine uses this key now; a cloned disk must be enrolled as itself",
                                {},
                                60'000};
        }
    }
    if (key == enrolment.key_sha256_hex && !enrolment.previous_key_sha256.empty()) {
        auto renewed = enrolment;  // the new key works: the old one is no good any more
        renewed.previous_key_sha256.clear();
        (void)agents.keep(store, renewed);
    }
    return std::nullopt;
}

Result<wire::Welcome> Pipeline::Impl::welcome(const Opened& opened, const Agent& agent) {
    const auto& hello = opened.hello;
    auto table = tables.find(store, agent.enrolment.id, hello.spool_epoch);
    if (!table) return table.error();
    auto missing = store.missing(agent.enrolment.id, hello.spool_epoch, hello.next_seq);
    if (!missing) return missing.error();
    return wire::Welcome{.version = wire::limits::protocol_version,
                         .names_known = (*table)->known(),
                         .collector_wall_ms = clock.wall().time_since_epoch().count(),
                         .missing = without(std::move(*missing), hello.lost)};
}

// Kept before the welcome, which is what the agent takes as the acknowledgement of its losses.
Result<void> Pipeline::Impl::keep_losses(const wire::Hello& hello, Agent& agent) {
    if (hello.lost.empty()) return {};
    const auto received = store.received(agent.enrolment.id, hello.spool_epoch);
    if (!received) return received.error();
    auto lost = agent.lost;
    bool changed = false;
    for (const auto& told : hello.lost) changed = agent.lost.tell(hello.spool_epoch, told, *received) || changed;
    if (!changed) return {};
    auto put = store.put(Agents::losses(agent, clock.wall()));
    if (!put) agent.lost = std::move(lost);
    return put;
}

void Pipeline::Impl::send_assignment(Turn& turn, ConnectionId id, const std::string& has) {
    auto& connection = connections.at(id);
    const auto rank = agents.rank(*agents.find(connection.agent), turn.now);
    auto assignment = registry::make_assignment(*parts.reg, connection.site, rank, parts.address);
    if (assignment.version == has) return;
    connection.assignment_version = assignment.version;
    answer(turn, id, connection.mailbox, std::move(assignment));
}

// Where those who watch for their site were revoked or went home, the next ones do; and back.
void Pipeline::Impl::hand_over_watch(Turn& turn) {
    std::set<std::string> changed;
    for (const auto& site : parts.reg->sites) {
        auto first = agents.first_of(site.id, registry::watchers_per_site, turn.now);
        auto& known = watchers[site.id];
        if (known == first) continue;
        known = std::move(first);
        changed.insert(site.id);
    }
    if (changed.empty()) return;
    for (const auto& [id, connection] : connections)
        if (changed.contains(connection.site)) send_assignment(turn, id, connection.assignment_version);
}

void Pipeline::Impl::flag_key_in_use(Turn& turn, const Connection& older, const Opened& newer) {
    counters.keys_in_use++;
    log::warning("login",
                 "two machines use the key of agent " + older.agent + ": " + newer.hello.host_name + " was refused");
    StoredEvent event;
    event.site = older.site;
    event.subject_id = older.agent;
    event.event.kind = "agent.key_in_use";
    event.event.severity = wire::Severity::high;
    event.event.subject = {wire::SubjectKind::agent, older.agent};
    event.event.fields = {{"address", newer.address},
                          {"host", newer.hello.host_name},
                          {"boot", newer.hello.boot.boot_id},
                          {"live_boot", older.boot_id}};
    event.at = event.device_time = event.received = turn.now;
    add_event(turn, std::move(event));
}

void Pipeline::Impl::take(Turn& turn, Delivery& delivery, HeartbeatIn& in) {
    const auto found = connections.find(delivery.connection);
    if (found == connections.end()) return;
    auto& connection = found->second;
    counters.heartbeats++;
    connection.last_frame = delivery.received;
    connection.clock.observe(delivery.received, in.heartbeat.mono_ms);
    connection.device_wall_at_zero_ms = in.heartbeat.device_wall_ms - in.heartbeat.mono_ms;
    auto& agent = *agents.find(connection.agent);
    auto& now = agent.now;
    now.profile = in.heartbeat.metered != 0 ? Profile::metered : Profile::fibre;
    now.spool_batches = in.heartbeat.spool_batches;
    now.spool_bytes = in.heartbeat.spool_bytes;
    now.bytes_today = in.heartbeat.bytes_today;
    const auto offset = connection.clock.offset();
    now.clock_offset_ms = connection.device_wall_at_zero_ms - offset.at_zero_ms;
    now.clock_error_ms = offset.error_ms;
    connection.next_in = Millis{in.heartbeat.next_in_ms};
    is_heard(turn, connection, connection.next_in);
    tell_own(turn, wire::SubjectKind::agent, connection.agent, "clock_offset_ms", now.clock_offset_ms);
    tell_own(turn, wire::SubjectKind::agent, connection.agent, "spool_bytes",
             static_cast<std::int64_t>(std::min<std::uint64_t>(now.spool_bytes, INT64_MAX)));
    answer(turn, delivery.connection, delivery.mailbox,
           wire::Pulse{in.heartbeat.mono_ms, turn.now.time_since_epoch().count()});
}

void Pipeline::Impl::take(Turn& turn, Delivery& delivery, RenewIn& in) {
    const auto found = connections.find(delivery.connection);
    if (found == connections.end()) return;
    auto& agent = *agents.find(found->second.agent);
    auto certificate = parts.authority->sign_agent(in.renew.request_pem, agent.enrolment.id, turn.now);
    if (!certificate || certificate->key_sha256_hex == agent.enrolment.key_sha256_hex) {
        answer(turn, delivery.connection, delivery.mailbox,
               wire::Refuse{RefuseCode::bad_request, "a renewal needs a readable request with a new key"});
        return;
    }
    auto renewed = agent.enrolment;
    renewed.previous_key_sha256 = renewed.key_sha256_hex;
    renewed.key_sha256_hex = certificate->key_sha256_hex;
    renewed.serial_hex = certificate->serial_hex;
    renewed.expires = certificate->expires;
    if (!agents.keep(store, renewed)) {
        answer(turn, delivery.connection, delivery.mailbox,
               wire::Refuse{RefuseCode::store_unavailable, "the collector cannot write to its disk now", {}, 60'000});
        return;
    }
    counters.renewals++;
    answer(turn, delivery.connection, delivery.mailbox,
           wire::Certificate{agent.enrolment.id, certificate->certificate_pem, parts.authority->certificate_pem()});
}

void Pipeline::Impl::take(Turn& turn, Delivery& delivery, Closed& closed) {
    const auto found = connections.find(delivery.connection);
    if (found == connections.end()) return;
    const std::string agent = found->second.agent;
    disconnect(turn, delivery.connection, std::nullopt);
    if (closed.bye.empty()) return;  // the line may come back: silence is judged by its deadline
    agents.find(agent)->now.bye = closed.bye;
    if (presence.gone(agent)) is_silent(turn, agent);
}

void Pipeline::Impl::disconnect(Turn& turn, ConnectionId id, std::optional<wire::Refuse> why) {
    const auto found = connections.find(id);
    if (found == connections.end()) return;
    if (why) answer(turn, id, found->second.mailbox, std::move(*why));
    const auto agent = found->second.agent;
    connections.erase(found);
    if (const auto mine = connection_of.find(agent); mine != connection_of.end() && mine->second == id) {
        connection_of.erase(mine);
        if (auto* known = agents.find(agent)) known->now.connected = false;
    }
    turn.changes.agents.insert(agent);
}

void Pipeline::Impl::is_heard(Turn& turn, const Connection& connection, Millis next_in) {
    auto& agent = *agents.find(connection.agent);
    agent.now.last_heard = turn.now;
    if (!presence.heard(connection.agent, turn.now, agent.now.profile, next_in) && agent.heard) return;
    agent.heard = true;
    const rules::SubjectId subject{wire::SubjectKind::agent, connection.agent};
    tell_own_at(turn, turn.now, subject, "heard", true);
    tell_own_at(turn, turn.now, subject, "stopped", std::string());
    turn.presence.insert(connection.site);
    turn.changes.agents.insert(connection.agent);
}

void Pipeline::Impl::is_silent(Turn& turn, const std::string& id) {
    auto* agent = agents.find(id);
    if (agent == nullptr) return;
    agent->heard = false;
    auto& enrolment = agent->enrolment;
    enrolment.last_heard = agent->now.last_heard;
    turn.commit.documents.push_back(Agents::document(enrolment));  // many may fall silent at once: one transaction
    const rules::SubjectId subject{wire::SubjectKind::agent, id};
    const Time at = agent->now.last_heard.value_or(turn.now);
    tell_own_at(turn, at, subject, "stopped", agent->now.bye);
    tell_own_at(turn, at, subject, "heard", false);
    auto& last_word = turn.last_words[enrolment.site];
    last_word = std::max(last_word, at);
    turn.presence.insert(enrolment.site);
    turn.changes.agents.insert(id);
}

}  // namespace vg::collector
