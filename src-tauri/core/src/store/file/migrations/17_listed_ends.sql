-- Ends that a provider's list alone told, as reports: of those there are few, and hardly any report is looked at to find them.
-- Not by `IN`, for which SQLite would make a table with each event that is written.
CREATE INDEX IF NOT EXISTS events_listed_ends ON events (occurred_at)
    WHERE category = 'esim' AND type = 'usage' AND sources & 1 = 0
        AND (status = 'EXPIRED' OR status = 'REVOKED' OR status = 'DELETED');
