#pragma once
// The tables of vonggac.db. Times are corrected milliseconds since the epoch unless the name says otherwise; 64-bit
// unsigned numbers (epochs) are kept bit by bit as signed ones.

namespace vg::collector::schema {

inline constexpr int version = 2;

inline constexpr const char* pragmas = R"(
PRAGMA page_size = 8192;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = OFF;
PRAGMA wal_autocheckpoint = 4000;
PRAGMA journal_size_limit = 67108864;
PRAGMA cache_size = -65536;
PRAGMA temp_store = MEMORY;
)";

inline constexpr const char* tables = R"(
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- One spool of one agent: which batches came, and how far its event chain goes.
CREATE TABLE IF NOT EXISTS streams (
  id INTEGER PRIMARY KEY, agent TEXT NOT NULL, epoch INTEGER NOT NULL,
  received BLOB NOT NULL DEFAULT x'', chain_index INTEGER NOT NULL DEFAULT 0, chain_head BLOB,
  floor_index INTEGER NOT NULL DEFAULT 0, floor_head BLOB,  -- of the chain where retention ended
  UNIQUE (agent, epoch));

CREATE TABLE IF NOT EXISTS series (
  key INTEGER PRIMARY KEY, agent TEXT NOT NULL, site TEXT NOT NULL, metric TEXT NOT NULL, target TEXT NOT NULL,
  unit TEXT NOT NULL, first INTEGER, last INTEGER,  -- of the packed samples
  UNIQUE (agent, metric, target, unit));
CREATE TABLE IF NOT EXISTS series_names (
  stream INTEGER NOT NULL, id INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (stream, id)) WITHOUT ROWID;

-- Sample bodies as they came, until their day is packed. `packed`: samples before it stand in chunks already.
CREATE TABLE IF NOT EXISTS batches (
  id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, seq INTEGER NOT NULL, boot TEXT NOT NULL, offset INTEGER NOT NULL,
  error INTEGER NOT NULL, received INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  packed INTEGER NOT NULL DEFAULT 0, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS batches_by_time ON batches (stream, last);

-- Of the newest batches of a stream, so that another one under a number that was used is found out.
CREATE TABLE IF NOT EXISTS batch_digests (
  stream INTEGER NOT NULL, seq INTEGER NOT NULL, digest INTEGER NOT NULL, PRIMARY KEY (stream, seq)) WITHOUT ROWID;

-- Packed days. chunks.id = step << 60 | day << 40 | series; times are shared by the series that were seen together.
CREATE TABLE IF NOT EXISTS chunk_times (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS chunks (id INTEGER PRIMARY KEY, times INTEGER NOT NULL, data BLOB NOT NULL);

CREATE TABLE IF NOT EXISTS events (
  id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, idx INTEGER NOT NULL, agent TEXT NOT NULL, site TEXT NOT NULL,
  kind TEXT NOT NULL, severity INTEGER NOT NULL, subject_kind INTEGER NOT NULL, subject_key TEXT NOT NULL,
  subject_id TEXT NOT NULL, fields BLOB NOT NULL, mono INTEGER NOT NULL, at INTEGER NOT NULL,
  device_time INTEGER NOT NULL, received INTEGER NOT NULL, error INTEGER NOT NULL, head BLOB NOT NULL,
  UNIQUE (stream, idx));
CREATE INDEX IF NOT EXISTS events_by_site ON events (site, id);
CREATE INDEX IF NOT EXISTS events_by_agent ON events (agent, id);
CREATE INDEX IF NOT EXISTS events_by_time ON events (at);

-- Where an agent's own chain goes on after events that never came.
CREATE TABLE IF NOT EXISTS chain_breaks (
  stream INTEGER NOT NULL, idx INTEGER NOT NULL, before BLOB NOT NULL, PRIMARY KEY (stream, idx)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS facts (
  kind INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, confirmed INTEGER NOT NULL,
  value, received INTEGER NOT NULL, error INTEGER NOT NULL, agent TEXT NOT NULL,
  PRIMARY KEY (kind, id, name, at)) WITHOUT ROWID;

-- Lists (software, interfaces ...) entry by entry: one device's is much like the next one's, so each text stands once.
-- Text 0 as a value: the entry is gone. Times as in facts.
CREATE TABLE IF NOT EXISTS texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS entries (
  subject INTEGER NOT NULL, list INTEGER NOT NULL, name INTEGER NOT NULL, at INTEGER NOT NULL, value INTEGER NOT NULL,
  agent INTEGER NOT NULL, PRIMARY KEY (subject, list, name, at)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS gaps (
  id INTEGER PRIMARY KEY, rule TEXT NOT NULL, subject_kind INTEGER NOT NULL, subject_id TEXT NOT NULL,
  discriminator TEXT NOT NULL, site TEXT NOT NULL, state INTEGER NOT NULL, severity INTEGER NOT NULL,
  since INTEGER NOT NULL, opened INTEGER, closed INTEGER, recorded INTEGER NOT NULL, detected INTEGER NOT NULL,
  met_since INTEGER, uncertain INTEGER NOT NULL, rewritten INTEGER NOT NULL, cause INTEGER NOT NULL,
  evidence TEXT NOT NULL, count INTEGER NOT NULL, acknowledged_by TEXT NOT NULL,
  evidence_at INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS gaps_open ON gaps (state, id);
CREATE INDEX IF NOT EXISTS gaps_by_subject ON gaps (subject_kind, subject_id);
CREATE TABLE IF NOT EXISTS gap_history (
  gap INTEGER NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, from_state INTEGER NOT NULL,
  to_state INTEGER NOT NULL, is_new INTEGER NOT NULL, uncertain INTEGER NOT NULL, cause INTEGER NOT NULL,
  count INTEGER NOT NULL, evidence TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (gap, n)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS documents (
  collection TEXT NOT NULL, id TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (collection, id)) WITHOUT ROWID;

-- A finished day's chain heads and the hash of the seal before, signed by the authority.
CREATE TABLE IF NOT EXISTS seals (day INTEGER PRIMARY KEY, text BLOB NOT NULL, signature BLOB NOT NULL);
)";

// What makes a database of version n one of version n + 1, from n = 1 on.
inline constexpr const char* steps[version - 1] = {
    "ALTER TABLE gaps ADD COLUMN evidence_at INTEGER NOT NULL DEFAULT 0",
};

}  // namespace vg::collector::schema
