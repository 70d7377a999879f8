// What agents send: names, samples, facts, events. Bodies are read once; nothing is kept before all of it is in order.

#include "base/crypto.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "collector/pipeline_state.hpp"
#include "wire/limits.hpp"

#include <algorithm>

namespace vg::collector {
namespace {

using wire::RefuseCode;

std::uint64_t digest_of(const wire::Batch& batch) {
    const auto batch_class = static_cast<std::uint8_t>(batch.batch_class);
    const auto hash = crypto::sha256(ByteView(&batch_class, 1), batch.body);
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < sizeof out; ++i) out = out << 8 | hash[i];
    return out;
}

// What is kept of a batch beside its bytes.
StoredBatch head_of(const wire::Batch& batch, const Connection& from, std::uint64_t digest, const Offset& offset,
                    Time received) {
    return {.agent = from.agent,
            .epoch = from.epoch,
            .seq = batch.seq,
            .batch_class = batch.batch_class,
            .boot_id = batch.boot.boot_id.empty() ? from.boot_id : batch.boot.boot_id,
            .offset_ms = offset.at_zero_ms,
            .error_ms = offset.error_ms,
            .received = received,
            .first = received,
            .last = received,
            .samples = 0,
            .body = {},
            .digest = digest};
}

struct HopSample {
    SeriesRole role{};
    std::int64_t at_ms = 0;
    double value = 0;
};

}  // namespace

void Pipeline::Impl::take(Turn& turn, Delivery& delivery, NamesIn& in) {
    const auto found = connections.find(delivery.connection);
    if (found == connections.end()) return;
    auto& connection = found->second;
    connection.last_frame = delivery.received;
    auto table = tables.find(store, connection.agent, connection.epoch);
    if (!table) return;  // its batches will be refused, and the names asked for again
    auto& known = **table;
    auto id = in.names.first;
    for (auto& name : in.names.names) {
        // Told before, or after a hole: the agent begins again above what is known.
        if (id == known.known() + 1 && known.known() < wire::limits::max_series_per_agent) {
            known.roles.push_back(role_of(name));
            turn.commit.series.push_back({.key = 0,
                                          .agent = connection.agent,
                                          .site = connection.site,
                                          .epoch = connection.epoch,
                                          .id = id,
                                          .name = std::move(name),
                                          .first = {},
                                          .last = {}});
        }
        ++id;
    }
}

void Pipeline::Impl::take(Turn& turn, Delivery& delivery, BatchIn& in) {
    const auto found = connections.find(delivery.connection);
    if (found == connections.end()) return;
    auto& connection = found->second;
    auto& batch = in.batch;
    connection.last_frame = delivery.received;
    connection.clock.observe(delivery.received, batch.sent_mono_ms);
    is_heard(turn, connection, connection.next_in);
    auto& to = turn.answers[delivery.connection];
    to.mailbox = delivery.mailbox;
    to.offset = connection.clock.offset();

    const auto refuse = [&](wire::Refuse why) {
        why.seq = batch.seq;
        if (why.code == RefuseCode::store_unavailable && !connection.owed) connection.owed = batch.seq;
        to.replies.emplace_back(std::move(why));
    };
    if (connection.owed && *connection.owed != batch.seq)
        return refuse({RefuseCode::store_unavailable, "a batch before this one could not be written; keep the data"});
    connection.owed.reset();
    const auto seen = store.has(connection.agent, connection.epoch, batch.seq);
    if (!seen) return refuse({RefuseCode::store_unavailable, "the collector cannot use its disk now"});
    const auto digest = digest_of(batch);
    const auto [place, is_new] = turn.batches.try_emplace({connection.agent, connection.epoch, batch.seq}, digest);
    if (*seen || !is_new) {
        auto before = is_new ? store.digest(connection.agent, connection.epoch, batch.seq)
                             : Result<std::optional<std::uint64_t>>(place->second);
        if (is_new) turn.batches.erase(place);
        if (!before) return refuse({RefuseCode::store_unavailable, "the collector cannot use its disk now"});
        if (*before && **before != digest) {
            log::warning("intake", "agent " + connection.agent + " sent other bytes under the used number " +
                                       std::to_string(batch.seq) + "; its spool may come from a backup");
            return refuse({RefuseCode::batch_conflict, "this number was used before for other bytes"});
        }
        counters.duplicates++;
        to.acks.push_back(batch.seq);
        return;
    }
    const auto& enrolment = agents.find(connection.agent)->enrolment;
    const Offset offset = offset_of(batch.boot, {.boot_id = connection.boot_id,
                                                 .offset = to.offset,
                                                 .device_wall_at_zero_ms = connection.device_wall_at_zero_ms,
                                                 .not_before = enrolment.enrolled,
                                                 .now = turn.now});
    auto stored = head_of(batch, connection, digest, offset, delivery.received);
    if (auto why = read_batch(turn, connection, batch, delivery.received, offset, stored)) {
        turn.batches.erase({connection.agent, connection.epoch, batch.seq});
        return refuse(std::move(*why));
    }
    if (stored.first + late_after < delivery.received) counters.late_batches++;
    if (agents.find(connection.agent)->lost.came(connection.epoch, batch.seq)) turn.losses.insert(connection.agent);
    stored.body = std::move(batch.body);
    turn.commit.batches.push_back(std::move(stored));
    to.acks.push_back(batch.seq);
}

std::optional<wire::Refuse> Pipeline::Impl::read_batch(Turn& turn, Connection& from, wire::Batch& batch, Time received,
                                                       const Offset& offset, StoredBatch& out) {
    if (batch.seq == 0) return wire::Refuse{RefuseCode::malformed_body, "batches count from 1"};
    switch (batch.batch_class) {
        case wire::BatchClass::samples: return read_samples(from, batch, offset, out);
        case wire::BatchClass::facts: return read_facts(turn, from, batch, received, offset, out);
        case wire::BatchClass::events: return read_events(turn, from, batch, received, offset, out);
    }
    return wire::Refuse{RefuseCode::malformed_body, "the class of this batch is not known"};
}

std::optional<wire::Refuse> Pipeline::Impl::read_samples(Connection& from, const wire::Batch& batch,
                                                         const Offset& offset, StoredBatch& out) {
    const auto table = tables.find(store, from.agent, from.epoch);
    if (!table) return wire::Refuse{RefuseCode::store_unavailable, "the collector cannot use its disk now"};
    bool named = true;
    std::vector<HopSample> hops;
    const auto scan = wire::scan_samples(
        batch.body, [&](wire::SeriesId id, std::span<const std::int64_t> at, std::span<const double> values) {
            if (id == 0 || id > (*table)->known()) {
                named = false;
                return;
            }
            const auto role = (*table)->role(id);
            if (role == SeriesRole::none) return;
            for (std::size_t i = 0; i < at.size(); ++i) hops.push_back({role, at[i], values[i]});
        });
    if (!scan) return wire::Refuse{RefuseCode::malformed_body, scan.error().message};
    if (!named) return wire::Refuse{RefuseCode::unknown_series, "this batch names series that have no names here"};
    for (const auto& sample : hops) hop.add(from.site, sample.role, offset.at(sample.at_ms), sample.value);
    out.samples = scan->samples;
    out.first = offset.at(scan->first_ms);
    out.last = offset.at(scan->last_ms);
    return std::nullopt;
}

std::optional<wire::Refuse> Pipeline::Impl::read_facts(Turn& turn, Connection& from, const wire::Batch& batch,
                                                       Time received, const Offset& offset, StoredBatch& out) {
    auto body = wire::decode_facts(batch.body);
    if (!body) return wire::Refuse{RefuseCode::malformed_body, body.error().message};
    for (auto& timed : body->facts) {
        const Time at = std::min(offset.at(timed.at.time_since_epoch().count()), received);
        out.first = std::min(out.first, at);
        auto subject = resolve(from, timed.fact.subject);
        if (!subject) {
            counters.facts_refused++;
            continue;
        }
        const bool is_late = at + late_after < received && timed.fact.name.find('/') == std::string::npos;
        if (auto* text = std::get_if<std::string>(&timed.fact.value)) *text = well_formed(std::move(*text));
        FactNews news{
            *subject,  well_formed(std::move(timed.fact.name)), std::move(timed.fact.value), at, offset.error_ms,
            from.agent};
        if (!tell(turn, std::move(news), received)) {
            counters.facts_refused++;
            continue;
        }
        counters.facts++;
        if (is_late) late.note(*subject, at, turn.now);
    }
    return std::nullopt;
}

// The chain says whether an event is missing, changed or told twice; what breaks it is kept and counted: the verifier
// shows where.
std::optional<wire::Refuse> Pipeline::Impl::read_events(Turn& turn, Connection& from, const wire::Batch& batch,
                                                        Time received, const Offset& offset, StoredBatch& out) {
    auto body = wire::decode_events(batch.body);
    if (!body) return wire::Refuse{RefuseCode::malformed_body, body.error().message};
    const std::pair key{from.agent, from.epoch};
    auto known = chains.find(key);
    if (known == chains.end()) {
        auto head = store.chain_head(from.agent, from.epoch);
        if (!head) return wire::Refuse{RefuseCode::store_unavailable, "the collector cannot use its disk now"};
        known = chains.emplace(key, *head).first;
    }
    auto& chain = known->second;
    if (body->first_index == chain.index + 1 ? body->before != chain.head : body->first_index > chain.index + 1) {
        counters.chain_breaks++;
        turn.commit.breaks.push_back({from.agent, from.epoch, body->first_index, body->before});
    }
    auto head = body->before;
    auto index = body->first_index;
    for (auto& event : body->events) {
        head = wire::chain(head, event);
        StoredEvent stored{.id = 0,
                           .agent = from.agent,
                           .site = from.site,
                           .epoch = from.epoch,
                           .index = index++,
                           .event = std::move(event),
                           .subject_id = {},
                           .at = {},
                           .device_time = {},
                           .received = received,
                           .error_ms = offset.error_ms,
                           .head = head};
        if (stored.index <= chain.index) continue;
        const std::int64_t mono = stored.event.at.time_since_epoch().count();
        const auto subject = resolve(from, stored.event.subject);
        stored.subject_id = subject ? subject->id : stored.event.subject.key;
        stored.at = std::min(offset.at(mono), received);
        const bool present = batch.boot.boot_id.empty() || batch.boot.boot_id == from.boot_id;
        stored.device_time =
            Offset{present ? from.device_wall_at_zero_ms : batch.boot.device_wall_at_zero_ms, 0}.at(mono);
        out.first = std::min(out.first, stored.at);
        chain = {stored.index, stored.head};
        if (stored.event.kind == "spool.lost") take_loss(turn, from, stored.event);
        turn.commit.events.push_back(std::move(stored));
    }
    return std::nullopt;
}

// A hello has room for a few losses only, and a spool may overflow while its agent is connected: events tell of all.
void Pipeline::Impl::take_loss(Turn& turn, const Connection& from, const wire::Event& event) {
    const auto told = read_loss(event);
    if (!told) return;
    auto received = store.received(from.agent, told->epoch);
    if (!received) return;
    auto& lost = agents.find(from.agent)->lost;
    bool changed = lost.tell(told->epoch, told->range, *received);
    const auto& seqs = told->range.seqs;
    for (auto at = turn.batches.lower_bound({from.agent, told->epoch, seqs.first});
         at != turn.batches.end() && at->first <= std::tuple(from.agent, told->epoch, seqs.last); ++at)
        changed = lost.came(told->epoch, std::get<2>(at->first)) || changed;
    if (changed) turn.losses.insert(from.agent);
}

// An event of the collector itself, in a chain of its own.
void Pipeline::Impl::add_event(Turn& turn, StoredEvent event) {
    event.agent = "collector";
    event.epoch = 1;
    const std::pair key{event.agent, event.epoch};
    auto known = chains.find(key);
    if (known == chains.end()) {
        const auto head = store.chain_head(event.agent, event.epoch);
        if (!head) return;
        known = chains.emplace(key, *head).first;
    }
    event.index = known->second.index + 1;
    event.head = wire::chain(known->second.head, event.event);
    known->second = {event.index, event.head};
    turn.commit.events.push_back(std::move(event));
}

}  // namespace vg::collector
