-- A database as version 1 of the schema left it (collector/store/schema.hpp is at a later one), with a little of
-- everything in it. Read by schema_test.cpp.
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE streams (
  id INTEGER PRIMARY KEY, agent TEXT NOT NULL, epoch INTEGER NOT NULL,
  received BLOB NOT NULL DEFAULT x'', chain_index INTEGER NOT NULL DEFAULT 0, chain_head BLOB,
  floor_index INTEGER NOT NULL DEFAULT 0, floor_head BLOB,  -- of the chain where retention ended
  UNIQUE (agent, epoch));

CREATE TABLE series (
  key INTEGER PRIMARY KEY, agent TEXT NOT NULL, site TEXT NOT NULL, metric TEXT NOT NULL, target TEXT NOT NULL,
  unit TEXT NOT NULL, first INTEGER, last INTEGER,  -- of the packed samples
  UNIQUE (agent, metric, target, unit));
CREATE TABLE series_names (
  stream INTEGER NOT NULL, id INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (stream, id)) WITHOUT ROWID;

CREATE TABLE batches (
  id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, seq INTEGER NOT NULL, boot TEXT NOT NULL, offset INTEGER NOT NULL,
  error INTEGER NOT NULL, received INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  packed INTEGER NOT NULL DEFAULT 0, body BLOB NOT NULL);
CREATE INDEX batches_by_time ON batches (stream, last);

CREATE TABLE batch_digests (
  stream INTEGER NOT NULL, seq INTEGER NOT NULL, digest INTEGER NOT NULL, PRIMARY KEY (stream, seq)) WITHOUT ROWID;

CREATE TABLE chunk_times (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE chunks (id INTEGER PRIMARY KEY, times INTEGER NOT NULL, data BLOB NOT NULL);

CREATE TABLE events (
  id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, idx INTEGER NOT NULL, agent TEXT NOT NULL, site TEXT NOT NULL,
  kind TEXT NOT NULL, severity INTEGER NOT NULL, subject_kind INTEGER NOT NULL, subject_key TEXT NOT NULL,
  subject_id TEXT NOT NULL, fields BLOB NOT NULL, mono INTEGER NOT NULL, at INTEGER NOT NULL,
  device_time INTEGER NOT NULL, received INTEGER NOT NULL, error INTEGER NOT NULL, head BLOB NOT NULL,
  UNIQUE (stream, idx));
CREATE INDEX events_by_site ON events (site, id);
CREATE INDEX events_by_agent ON events (agent, id);
CREATE INDEX events_by_time ON events (at);

CREATE TABLE chain_breaks (
  stream INTEGER NOT NULL, idx INTEGER NOT NULL, before BLOB NOT NULL, PRIMARY KEY (stream, idx)) WITHOUT ROWID;

CREATE TABLE facts (
  kind INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, confirmed INTEGER NOT NULL,
  value, received INTEGER NOT NULL, error INTEGER NOT NULL, agent TEXT NOT NULL,
  PRIMARY KEY (kind, id, name, at)) WITHOUT ROWID;

CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE entries (
  subject INTEGER NOT NULL, list INTEGER NOT NULL, name INTEGER NOT NULL, at INTEGER NOT NULL, value INTEGER NOT NULL,
  agent INTEGER NOT NULL, PRIMARY KEY (subject, list, name, at)) WITHOUT ROWID;

CREATE TABLE gaps (
  id INTEGER PRIMARY KEY, rule TEXT NOT NULL, subject_kind INTEGER NOT NULL, subject_id TEXT NOT NULL,
  discriminator TEXT NOT NULL, site TEXT NOT NULL, state INTEGER NOT NULL, severity INTEGER NOT NULL,
  since INTEGER NOT NULL, opened INTEGER, closed INTEGER, recorded INTEGER NOT NULL, detected INTEGER NOT NULL,
  met_since INTEGER, uncertain INTEGER NOT NULL, rewritten INTEGER NOT NULL, cause INTEGER NOT NULL,
  evidence TEXT NOT NULL, count INTEGER NOT NULL, acknowledged_by TEXT NOT NULL);
CREATE INDEX gaps_open ON gaps (state, id);
CREATE INDEX gaps_by_subject ON gaps (subject_kind, subject_id);
CREATE TABLE gap_history (
  gap INTEGER NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, from_state INTEGER NOT NULL,
  to_state INTEGER NOT NULL, is_new INTEGER NOT NULL, uncertain INTEGER NOT NULL, cause INTEGER NOT NULL,
  count INTEGER NOT NULL, evidence TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (gap, n)) WITHOUT ROWID;

CREATE TABLE documents (
  collection TEXT NOT NULL, id TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (collection, id)) WITHOUT ROWID;

CREATE TABLE seals (day INTEGER PRIMARY KEY, text BLOB NOT NULL, signature BLOB NOT NULL);
INSERT INTO meta VALUES ('schema', 1);
INSERT INTO documents VALUES ('users', 'admin', '{"role":"administrator"}', 1795000000000);
INSERT INTO streams (id, agent, epoch, received, chain_index, chain_head) VALUES (1, 'a1', 7, x'', 1, zeroblob(32));
INSERT INTO series VALUES (1, 'a1', 'HA01', 'icmp.rtt_median', 'hop', 'ms', NULL, NULL);
INSERT INTO series_names VALUES (1, 1, 1);
INSERT INTO events VALUES (1, 1, 1, 'a1', 'HA01', 'login.failed', 1, 3, 'host', 'HA01/host:a1', x'', 900000,
  1795000000000, 1795000000000, 1795000001000, 5, zeroblob(32));
INSERT INTO facts VALUES (1, 'HA01', 'active_uplink', 1795000000000, 1795000060000, 'fibre', 1795000000500, 5, 'a1');
INSERT INTO texts VALUES (1, 'HA01/host:a1'), (2, 'software/'), (3, 'openssl'), (4, '3.0.15'), (5, 'a1');
INSERT INTO entries VALUES (1, 2, 3, 1795000000000, 4, 5);
INSERT INTO gaps VALUES (1, 'C01', 1, 'HA01', '', 'HA01', 1, 3, 1795000000000, 1795000300000, NULL, 1795000000000,
  1795000300000, NULL, 0, 0, 0, 'active_uplink = 3g', 1, '');
INSERT INTO gaps VALUES (2, 'S01', 3, 'HA01/mac:00:1b:21:00:00:99', '', 'HA01', 3, 2, 1794000000000, 1794000000000,
  1794500000000, 1794000000000, 1794000000000, 1794400000000, 1, 1, 1, 'unknown device', 4, 'admin');
INSERT INTO gap_history VALUES (1, 1, 1795000000000, 0, 0, 1, 0, 0, 1, 'active_uplink = 3g', '');
INSERT INTO gap_history VALUES (1, 2, 1795000300000, 0, 1, 0, 0, 0, 1, 'active_uplink = 3g', '');
