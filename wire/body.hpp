#pragma once
// The inside of a batch (docs/wire.md §4): samples as columns, or facts, or events. What came over the wire is what the
// collector stores; a body can be decoded by itself given the agent's series names. Pure; any thread.

#include "base/bytes.hpp"
#include "base/crypto.hpp"
#include "base/result.hpp"
#include "wire/observation.hpp"

#include <functional>
#include <string>
#include <vector>

namespace vg::wire {

// In order of urgency: what is sent first and dropped last stands first.
enum class BatchClass : std::uint8_t { events = 1, facts = 2, samples = 3 };

using SeriesId = std::uint32_t;  // per agent and spool epoch, from 1, in order of first use

struct SeriesColumn {  // one series of a samples body
    SeriesId series = 0;
    std::vector<std::int64_t> at_ms;  // monotonic milliseconds since boot, ascending
    std::vector<double> values;       // as many
};

struct TimedFact {
    Fact fact;
    Mono at{};
};

struct SampleBody {
    std::vector<SeriesColumn> columns;
};
struct FactBody {
    std::vector<TimedFact> facts;
};
struct EventBody {
    std::uint64_t first_index = 0;  // of the agent's event chain, from 1 for its first event
    crypto::Digest before{};        // chain head before the first event; all zero at index 1
    std::vector<Event> events;
};

// Each gives the finished body, compressed where that helps. Columns come back grouped by equal times, series ascending
// inside a group. Texts longer than limits::max_text and event fields past limits::max_event_fields are cut (the chain
// covers what is carried), values that are not finite are left out; the caller keeps to the limits of counts.
[[nodiscard]] Bytes encode(const SampleBody& body);
[[nodiscard]] Bytes encode(const FactBody& body);
[[nodiscard]] Bytes encode(const EventBody& body);

// Total: any bytes give a body or an Error(invalid_input) with what is wrong and at which offset.
[[nodiscard]] Result<SampleBody> decode_samples(ByteView body);
[[nodiscard]] Result<FactBody> decode_facts(ByteView body);
[[nodiscard]] Result<EventBody> decode_events(ByteView body);

// Reads one sample body without building columns: `each` gets series, times and values, whose memory is reused between
// calls. Gives the number of samples. This is the ingest path.
struct SampleScan {
    std::uint64_t samples = 0;
    std::uint64_t columns = 0;
    std::int64_t first_ms = 0;  // monotonic, over all columns
    std::int64_t last_ms = 0;
};
using EachColumn = std::function<void(SeriesId, std::span<const std::int64_t>, std::span<const double>)>;
[[nodiscard]] Result<SampleScan> scan_samples(ByteView body, const EachColumn& each);

// The chain of an agent's events: head' = SHA-256(head ‖ canonical bytes of the event) (docs/wire.md §6).
[[nodiscard]] Bytes canonical(const Event& event);
[[nodiscard]] crypto::Digest chain(const crypto::Digest& head, const Event& event);

}  // namespace vg::wire
