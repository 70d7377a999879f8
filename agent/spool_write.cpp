#include "agent/spool_impl.hpp"

namespace vg::agent {

// What every transaction carries along: state, clock, names, deletions, notes.
Result<void> Spool::Impl::write_common(const State& next) {
    boot.last_mono_ms = clock.mono().time_since_epoch().count();
    boot.device_wall_at_zero_ms = clock.wall().time_since_epoch().count() - boot.last_mono_ms;
    save_boot.bind(1, boot.device_wall_at_zero_ms).bind(2, boot.last_mono_ms).bind(4, boot.error_ms).bind(5, boot_row);
    if (boot.corrected_at_zero_ms)
        save_boot.bind(3, *boot.corrected_at_zero_ms);
    else
        save_boot.bind_null(3);
    if (auto done = save_boot.run(); done.has_error()) return done.error();

    save_state.bind(1, static_cast<std::int64_t>(next.next_seq)).bind(2, static_cast<std::int64_t>(next.event_index));
    save_state.bind(3, ByteView(next.head));
    if (auto done = save_state.run(); done.has_error()) return done.error();

    if (!new_series.empty()) {
        auto insert = database.prepare("INSERT INTO series VALUES (?, ?, ?, ?)");
        if (insert.has_error()) return insert.error();
        for (const auto& name : new_series) {
            insert->bind(1, std::int64_t{series.at(name)}).bind(2, std::string_view(name.metric));
            insert->bind(3, std::string_view(name.target)).bind(4, std::string_view(name.unit));
            if (auto done = insert->run(); done.has_error()) return done.error();
        }
    }
    for (const auto seq : acknowledged)
        if (auto done = delete_batch.bind(1, static_cast<std::int64_t>(seq)).run(); done.has_error())
            return done.error();
    if (lists_forgotten)
        if (auto done = database.run("DELETE FROM told"); done.has_error()) return done.error();
    if (!notes.empty()) {
        auto put = database.prepare("INSERT OR REPLACE INTO notes VALUES (?, ?)");
        if (put.has_error()) return put.error();
        for (const auto& [key, value] : notes)
            if (auto done = put->bind(1, std::string_view(key)).bind(2, std::string_view(value)).run();
                done.has_error())
                return done.error();
    }
    return {};
}

Result<void> Spool::Impl::write_batch(State& next, wire::BatchClass batch_class, std::int64_t boot_id,
                                      std::uint64_t items, ByteView body) {
    if (auto done = make_room(next, body.size() + row_cost); done.has_error()) return done.error();
    insert_batch.bind(1, static_cast<std::int64_t>(next.next_seq)).bind(2, static_cast<std::int64_t>(batch_class));
    insert_batch.bind(3, boot_id).bind(4, static_cast<std::int64_t>(items)).bind(5, body);
    if (auto done = insert_batch.run(); done.has_error()) return done.error();
    ++next.next_seq;
    auto& use = next.use.of(batch_class);
    ++use.batches;
    use.bytes += body.size() + row_cost;
    return {};
}

// Seals the events with their place in the chain.
Result<void> Spool::Impl::put_events(State& next, std::span<const wire::Event> events) {
    wire::EventBody body;
    body.first_index = next.event_index + 1;
    body.before = next.head;
    body.events.assign(events.begin(), events.end());
    for (const auto& event : events) next.head = wire::chain(next.head, event);
    next.event_index += events.size();
    // Room may be made of older events, never of this batch: it is the newest.
    return write_batch(next, wire::BatchClass::events, boot_row, events.size(), wire::encode(body));
}

wire::SeriesId Spool::Impl::id_of(const wire::SeriesName& name) {
    const auto [at, is_new] = series.try_emplace(name, static_cast<wire::SeriesId>(series.size() + 1));
    if (is_new) new_series.push_back(name);
    return at->second;
}

}  // namespace vg::agent
