-- What an API told, by when it happened: which of it is the latest does not depend on when it was asked for.
CREATE INDEX IF NOT EXISTS events_told ON events (occurred_at) WHERE sources & 2 != 0;
