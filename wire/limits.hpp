#pragma once
// The limits of the protocol, in one place; docs/wire.md explains each. Both sides include this file.

#include <cstddef>
#include <cstdint>

namespace vg::wire::limits {

inline constexpr std::size_t max_frame_before_login = 8 * 1024;
inline constexpr std::size_t max_frame = 1024 * 1024;
inline constexpr std::size_t max_body = 8 * 1024 * 1024;  // uncompressed
inline constexpr std::size_t max_text = 4 * 1024;         // any single text
inline constexpr std::size_t max_series_per_agent = 20'000;
inline constexpr std::size_t max_column_values = 100'000;
inline constexpr std::size_t max_samples_per_body = 1'000'000;
inline constexpr std::size_t max_facts_per_body = 50'000;
inline constexpr std::size_t max_events_per_body = 10'000;
inline constexpr std::size_t max_event_fields = 64;
inline constexpr std::size_t max_pem = 32 * 1024;       // a certificate chain or a request
inline constexpr std::size_t max_ranges = 10'000;       // of lost, missing or acknowledged batches in one message
inline constexpr std::int64_t max_time_ms = 1LL << 52;  // either side of zero, any time on the wire
inline constexpr std::uint64_t protocol_version = 1;
inline constexpr const char* alpn_agent = "vonggac/1";
inline constexpr const char* alpn_enrol = "vonggac-enrol/1";

}  // namespace vg::wire::limits
