import type { Migration } from './migration.ts';

/** Stops that a person asked for and that the link could not carry yet. Times are ms since the epoch. */
export const wantedStops: Migration = {
  version: 13,
  sql: `
CREATE TABLE wanted_stops (
  -- The message whose run is to be stopped, or the delegation that is to be ended.
  id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  -- 1 = all of the delegation.
  whole INTEGER NOT NULL,
  thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
  -- The message at which windows show it.
  message_id TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  -- JSON of an AppError: the peer said no, and nothing is tried before it is asked for again.
  error TEXT,
  PRIMARY KEY (id, whole)
) STRICT, WITHOUT ROWID;
CREATE INDEX wanted_stops_by_thread ON wanted_stops (thread_id);
-- A wish ends with what it was about, so that it never meets a later run.
CREATE TRIGGER wanted_stop_of_run AFTER UPDATE OF run ON messages
  WHEN OLD.run = 'going' AND NEW.run <> 'going'
BEGIN
  DELETE FROM wanted_stops WHERE id = NEW.id AND whole = 0;
END;
CREATE TRIGGER wanted_stop_of_work AFTER UPDATE OF state ON outgoing_delegations
  WHEN NEW.state NOT IN ('proposed', 'asked_back', 'accepted', 'in_progress')
BEGIN
  DELETE FROM wanted_stops WHERE id = NEW.id AND whole = 1;
END;
`,
};
