#pragma once
// The spool: everything seen waits here, on disk, until the collector has acknowledged it. Samples become durable
// records first and are sealed later into immutable batches with the next sequence number; events and facts are sealed
// at once. Sequence, series names, chain of events and losses change in the same transaction as the data.
// Owned by the agent; used from its one thread. Built on SQLite in WAL mode: a kill or a power cut loses nothing that a
// call has reported as done.

#include "agent/spool_plan.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/body.hpp"
#include "wire/messages.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace vg::agent {

struct SpoolOptions {
    std::string path;                            // ":memory:" in tests
    std::uint64_t max_bytes = 64 * 1024 * 1024;  // of waiting batches
};

struct StoredBatch {
    std::uint64_t seq = 0;
    wire::BatchClass batch_class = wire::BatchClass::samples;
    wire::BootInfo boot;  // only boot_id when it is the present boot
    std::uint64_t items = 0;
    Bytes body;
};

// Why a spool began anew although a file was there.
struct SpoolDamage {
    Text finding;
    std::string set_aside;               // where the damaged file is now
    std::optional<std::uint64_t> epoch;  // of the damaged file, where that could still be read
    std::uint64_t next_seq = 0;          // of it; 0: unknown
};

class Spool {
public:
    // A damaged file is moved aside and a fresh epoch begins; damage() then says so. Records that an earlier boot left
    // unsealed are sealed as that boot's.
    [[nodiscard]] static Result<Spool> open(const SpoolOptions& options, Clock& clock);
    [[nodiscard]] const std::optional<SpoolDamage>& damage() const;

    // Samples rest in memory until flush() or seal_samples() returns without an error. Without disk space the newest
    // 20,000 are kept, and the newest 2,000 events that append_events() could not write, which go with the next call of
    // it or of flush(); how many were not kept is told by take_unspooled().
    void add_samples(Mono at, std::span<const wire::Sample> samples);
    [[nodiscard]] bool has_unflushed() const;      // samples or events rest in memory
    [[nodiscard]] std::uint64_t unsealed() const;  // samples that no batch holds yet
    [[nodiscard]] Result<void> flush();
    [[nodiscard]] Result<std::optional<std::uint64_t>> seal_samples();  // the new batch's seq, if there was anything
    [[nodiscard]] Result<std::uint64_t> append_events(std::span<const wire::Event> events);
    [[nodiscard]] Result<std::uint64_t> append_facts(std::span<const wire::TimedFact> facts);
    // Of the entries of lists in the observation those that are news (""s: gone), in batches of a fair size, and that
    // they were told, in one transaction. True when there was anything.
    [[nodiscard]] Result<bool> append_lists(const wire::Observation& observation);
    void forget_lists();                   // as if nothing had been told; with the next transaction
    [[nodiscard]] bool take_facts_lost();  // since the last call: facts were dropped, everything must be told anew
    [[nodiscard]] std::uint64_t take_unspooled();

    // Batches of a class with first ≤ seq < before, ascending, at most `most`.
    [[nodiscard]] Result<std::vector<StoredBatch>> read(wire::BatchClass batch_class, std::uint64_t first,
                                                        std::uint64_t before, std::size_t most);
    // Durable at the collector: gone from here (from the disk with the next transaction).
    void acknowledge(std::span<const std::uint64_t> seqs);
    // A batch that the collector will never take; its loss is written down.
    [[nodiscard]] Result<void> give_up(std::uint64_t seq, std::string_view reason);
    [[nodiscard]] Result<void> note_unknown(std::span<const wire::SeqRange> missing);  // asked for, but long gone
    // Brings deletions, clock notes and the rest to the disk.
    [[nodiscard]] Result<void> settle();

    [[nodiscard]] std::uint64_t epoch() const;
    [[nodiscard]] std::uint64_t next_seq() const;
    [[nodiscard]] const UseByClass& use() const;
    [[nodiscard]] wire::SeriesId names_defined() const;
    [[nodiscard]] Result<std::vector<wire::SeriesName>> names_from(wire::SeriesId first, std::size_t most);
    [[nodiscard]] Result<std::vector<wire::LostRange>> lost(std::size_t most);
    // Makes an event "spool.lost" of each loss that none tells of yet; the loss is forgotten when that event's batch is
    // acknowledged.
    [[nodiscard]] Result<void> report_lost();

    [[nodiscard]] const wire::BootInfo& boot() const;  // the present one
    void set_corrected(std::int64_t corrected_at_zero_ms, std::int64_t error_ms);

    // Small texts that outlive the process ("bytes_today", "session"), for `vonggac-agent status`.
    void set_note(std::string_view key, std::string_view value);  // written with the next transaction
    [[nodiscard]] std::string note(std::string_view key);

    Spool(Spool&&) noexcept;
    Spool& operator=(Spool&&) noexcept;
    ~Spool();

private:
    struct Impl;
    explicit Spool(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// What a running or resting agent's spool holds, read beside it.
struct SpoolGlance {
    UseByClass use;
    std::uint64_t epoch = 0;
    std::uint64_t next_seq = 0;
    std::uint64_t lost_ranges = 0;
    std::vector<std::pair<std::string, std::string>> notes;
};
[[nodiscard]] Result<SpoolGlance> glance_at_spool(const std::string& path);

}  // namespace vg::agent
