#include "agent/spool_records.hpp"

#include <algorithm>

namespace vg::agent {

Bytes encode_records(std::span<const Record> records) {
    Bytes out;
    out.reserve(records.size() * 12);
    Writer writer(out);
    std::int64_t before = 0;
    for (const auto& record : records) {
        writer.varint(record.series);
        writer.svarint(record.at_ms - before);
        writer.f64(record.value);
        before = record.at_ms;
    }
    return out;
}

Result<std::vector<Record>> decode_records(ByteView bytes) {
    std::vector<Record> records;
    Reader reader(bytes);
    std::int64_t at = 0;
    while (reader.ok() && reader.left() > 0) {
        Record record;
        record.series = static_cast<wire::SeriesId>(reader.varint());
        record.at_ms = at =
            static_cast<std::int64_t>(static_cast<std::uint64_t>(at) + static_cast<std::uint64_t>(reader.svarint()));
        record.value = reader.f64();
        records.push_back(record);
    }
    if (!reader.ok())
        return fail(Errc::corrupt,
                    say({"một bản ghi số đo chưa đóng gói bị cụt", "a record of unsealed samples is cut short"}));
    return records;
}

wire::SampleBody to_body(std::vector<Record> records) {
    std::ranges::stable_sort(records, [](const Record& a, const Record& b) {
        return a.series != b.series ? a.series < b.series : a.at_ms < b.at_ms;
    });
    wire::SampleBody body;
    for (const auto& record : records) {
        if (body.columns.empty() || body.columns.back().series != record.series) {
            body.columns.emplace_back();
            body.columns.back().series = record.series;
        }
        auto& column = body.columns.back();
        if (!column.at_ms.empty() && column.at_ms.back() == record.at_ms) continue;
        column.at_ms.push_back(record.at_ms);
        column.values.push_back(record.value);
    }
    return body;
}

}  // namespace vg::agent
