// Daily seals: the heads of all event chains at a day's end, bound to the seal before and signed by the authority.

#include "collector/store/chunk.hpp"
#include "collector/store/seal_text.hpp"
#include "collector/store/sqlite_store.hpp"

namespace vg::collector {
namespace {

constexpr Millis seal_grace = std::chrono::minutes(10);

}  // namespace

// A seal for the latest finished day; days without a running collector have none, the next seal covers them.
Result<void> SqliteStore::seal_days(Time now) {
    if (!options_.seal) return {};
    const auto day = (now - seal_grace).time_since_epoch().count() / day_ms - 1;
    Query query(statements_, "SELECT max(day) FROM seals");
    if (!query.next()) return query.end();
    if (!query.is_null(0) && query.integer(0) >= day) return {};
    return seal_day(day);
}

Result<void> SqliteStore::seal_day(std::int64_t day) {
    Seal seal{.day = day, .before = {}, .streams = {}};
    {
        Query last(statements_, "SELECT text, signature FROM seals ORDER BY day DESC LIMIT 1");
        if (last.next()) seal.before = crypto::sha256(last.blob(0), last.blob(1));
        if (auto end = last.end(); !end) return end;
    }
    {
        Query streams(
            statements_,
            "SELECT id, agent, epoch, chain_index, chain_head FROM streams WHERE chain_index > 0 ORDER BY id");
        while (streams.next()) {
            SealedStream stream{streams.text(1), streams.bits(2), streams.bits(3), {}, {}};
            const auto head = streams.blob(4);
            if (head.size() == stream.head.size()) std::copy(head.begin(), head.end(), stream.head.begin());
            Query breaks(statements_, "SELECT idx FROM chain_breaks WHERE stream = ? AND idx <= ? ORDER BY idx");
            breaks.with(streams.integer(0), stream.index);
            while (breaks.next()) stream.breaks.push_back(breaks.bits(0));
            seal.streams.push_back(std::move(stream));
        }
        if (auto end = streams.end(); !end) return end;
    }
    const auto text = encode(seal);
    auto signature = options_.seal(text);
    if (!signature) return signature.error();
    return Query(statements_, "INSERT INTO seals VALUES (?, ?, ?)")
        .with(day, ByteView(text), ByteView(*signature))
        .run();
}

}  // namespace vg::collector
