#include "collector/store/event_fields.hpp"
#include "collector/store/sqlite_store.hpp"

namespace vg::collector {
namespace {

constexpr std::uint64_t digests_kept = 1000;  // of one stream

crypto::Digest digest_of(ByteView bytes) {
    crypto::Digest out{};
    if (bytes.size() == out.size()) std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

}  // namespace

Result<SqliteStore::Stream*> SqliteStore::stream(const std::string& agent, std::uint64_t epoch) {
    const StreamKey key{agent, epoch};
    if (const auto found = streams_.find(key); found != streams_.end()) return &found->second;
    Query query(statements_, "SELECT id, received, chain_index, chain_head FROM streams WHERE agent = ? AND epoch = ?");
    query.with(agent, epoch);
    Stream stream;
    if (query.next()) {
        stream.id = query.integer(0);
        auto received = SeqSet::decode(query.blob(1));
        if (!received) return received.error();
        stream.received = std::move(*received);
        stream.chain_index = query.bits(2);
        stream.chain_head = digest_of(query.blob(3));
    }
    if (auto end = query.end(); !end) return end.error();
    return &streams_.emplace(key, std::move(stream)).first->second;
}

Result<void> SqliteStore::commit(Commit& commit) {
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction) return transaction.error();
    touched_.clear();
    auto written = write(commit);
    if (written) written = transaction->commit();
    for (auto* stream : touched_) stream->touched = false;
    // What memory knows of the streams is ahead of the file now: forget it, it is read again.
    if (!written) {
        streams_.clear();
        text_ids_.clear();
    }
    touched_.clear();
    return written;
}

Result<void> SqliteStore::write(Commit& commit) {
    if (auto done = write_series(commit.series); !done) return done;
    for (const auto& batch : commit.batches)
        if (auto done = write_batch(batch); !done) return done;
    for (auto& event : commit.events)
        if (auto done = write_event(event); !done) return done;
    for (const auto& gap : commit.breaks) {
        auto owner = own(gap.agent, gap.epoch);
        if (!owner) return owner.error();
        if (auto done = Query(statements_, "INSERT OR REPLACE INTO chain_breaks VALUES (?, ?, ?)")
                            .with((*owner)->id, gap.index, ByteView(gap.before))
                            .run();
            !done)
            return done;
    }
    for (const auto& fact : commit.facts)
        if (auto done = write_fact(fact); !done) return done;
    for (const auto& change : commit.gaps)
        if (auto done = write_gap(change); !done) return done;
    for (const auto& document : commit.documents)
        if (auto done = put(document); !done) return done;
    return write_streams();
}

Result<void> SqliteStore::write_streams() {
    for (auto* stream : touched_) {
        Query query(statements_, "UPDATE streams SET received = ?, chain_index = ?, chain_head = ? WHERE id = ?");
        const auto received = stream->received.encode();
        if (auto done =
                query.with(ByteView(received), stream->chain_index, ByteView(stream->chain_head), stream->id).run();
            !done)
            return done;
    }
    return {};
}

// The row of a stream comes into being with the first thing that belongs to it.
Result<void> SqliteStore::write_series(std::vector<SeriesInfo>& series) {
    for (auto& info : series) {
        auto owner = own(info.agent, info.epoch);
        if (!owner) return owner.error();
        if (auto done = Query(statements_,
                              "INSERT INTO series (agent, site, metric, target, unit) VALUES (?, ?, ?, ?, ?) "
                              "ON CONFLICT DO UPDATE SET site = excluded.site")
                            .with(info.agent, info.site, info.name.metric, info.name.target, info.name.unit)
                            .run();
            !done)
            return done;
        {
            Query key(statements_, "SELECT key FROM series WHERE agent = ? AND metric = ? AND target = ? AND unit = ?");
            key.with(info.agent, info.name.metric, info.name.target, info.name.unit);
            if (key.next()) info.key = key.integer(0);
            if (auto end = key.end(); !end) return end;
        }
        if (auto done = Query(statements_, "INSERT OR REPLACE INTO series_names VALUES (?, ?, ?)")
                            .with((*owner)->id, std::int64_t{info.id}, info.key)
                            .run();
            !done)
            return done;
    }
    return {};
}

Result<SqliteStore::Stream*> SqliteStore::own(const std::string& agent, std::uint64_t epoch) {
    auto found = stream(agent, epoch);
    if (!found) return found;
    auto* out = *found;
    if (out->id == 0) {
        if (auto made = Query(statements_, "INSERT INTO streams (agent, epoch) VALUES (?, ?)").with(agent, epoch).run();
            !made)
            return made.error();
        out->id = database_.last_insert_rowid();
    }
    if (!out->touched) {
        out->touched = true;
        touched_.push_back(out);
    }
    return out;
}

Result<void> SqliteStore::write_batch(const StoredBatch& batch) {
    auto owner = own(batch.agent, batch.epoch);
    if (!owner) return owner.error();
    if (!(*owner)->received.add(batch.seq)) return {};
    if (auto done = write_digest(**owner, batch); !done) return done;
    // Facts and events are kept as rows of their own.
    if (batch.batch_class != wire::BatchClass::samples) return {};
    // A backlog: its days are finished, they need not wait for the next look.
    if (batch.last + std::chrono::days(1) < batch.received)
        next_look_ = std::min(next_look_, batch.received + std::chrono::seconds(5));
    return Query(statements_,
                 "INSERT INTO batches (stream, seq, boot, offset, error, received, first, last, body) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .with((*owner)->id, batch.seq, batch.boot_id, batch.offset_ms, batch.error_ms, batch.received, batch.first,
              batch.last, ByteView(batch.body))
        .run();
}

Result<void> SqliteStore::write_digest(const Stream& owner, const StoredBatch& batch) {
    if (auto done = Query(statements_, "INSERT OR REPLACE INTO batch_digests VALUES (?, ?, ?)")
                        .with(owner.id, batch.seq, batch.digest)
                        .run();
        !done)
        return done;
    if (batch.seq <= digests_kept) return {};
    return Query(statements_, "DELETE FROM batch_digests WHERE stream = ? AND seq = ?")
        .with(owner.id, batch.seq - digests_kept)
        .run();
}

Result<void> SqliteStore::write_event(StoredEvent& event) {
    auto owner = own(event.agent, event.epoch);
    if (!owner) return owner.error();
    const auto fields = encode_fields(event.event.fields);
    if (auto done = Query(statements_,
                          "INSERT INTO events (stream, idx, agent, site, kind, severity, subject_kind, subject_key, "
                          "subject_id, fields, mono, at, device_time, received, error, head) "
                          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
                        .with((*owner)->id, event.index, event.agent, event.site, event.event.kind,
                              static_cast<int>(event.event.severity), static_cast<int>(event.event.subject.kind),
                              event.event.subject.key, event.subject_id, ByteView(fields),
                              std::int64_t{event.event.at.time_since_epoch().count()}, event.at, event.device_time,
                              event.received, event.error_ms, ByteView(event.head))
                        .run();
        !done)
        return done;
    event.id = database_.last_insert_rowid();
    if (event.index > (*owner)->chain_index) {
        (*owner)->chain_index = event.index;
        (*owner)->chain_head = event.head;
    }
    return {};
}

Result<std::vector<wire::SeqRange>> SqliteStore::received(const std::string& agent, std::uint64_t epoch) {
    auto found = stream(agent, epoch);
    if (!found) return found.error();
    return (*found)->received.ranges();
}

Result<bool> SqliteStore::has(const std::string& agent, std::uint64_t epoch, std::uint64_t seq) {
    auto found = stream(agent, epoch);
    if (!found) return found.error();
    return (*found)->received.has(seq);
}

Result<std::optional<std::uint64_t>> SqliteStore::digest(const std::string& agent, std::uint64_t epoch,
                                                         std::uint64_t seq) {
    auto found = stream(agent, epoch);
    if (!found) return found.error();
    Query query(statements_, "SELECT digest FROM batch_digests WHERE stream = ? AND seq = ?");
    query.with((*found)->id, seq);
    std::optional<std::uint64_t> digest;
    if (query.next()) digest = query.bits(0);
    if (auto end = query.end(); !end) return end.error();
    return digest;
}

Result<std::vector<wire::SeqRange>> SqliteStore::missing(const std::string& agent, std::uint64_t epoch,
                                                         std::uint64_t below) {
    auto found = stream(agent, epoch);
    if (!found) return found.error();
    return (*found)->received.missing(below);
}

Result<Store::ChainHead> SqliteStore::chain_head(const std::string& agent, std::uint64_t epoch) {
    auto found = stream(agent, epoch);
    if (!found) return found.error();
    return ChainHead{(*found)->chain_index, (*found)->chain_head};
}

}  // namespace vg::collector
