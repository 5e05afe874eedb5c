-- By which ways an event came to be known, and a body came: 1: the provider sent it, 2: it told it when it was asked, 3: both.
-- All that is here was sent. A column with a default rewrites no row.
ALTER TABLE events ADD COLUMN sources INTEGER NOT NULL DEFAULT 1;
ALTER TABLE deliveries ADD COLUMN source INTEGER NOT NULL DEFAULT 1; -- never both

-- What a provider's API told last of each eSIM that it has.
CREATE TABLE caught_up (
    provider INTEGER NOT NULL,
    esim_id TEXT NOT NULL,          -- the provider's id, also of one that has no events
    mark TEXT NOT NULL,             -- what the API's list said of it when it was asked for; empty: it is no more
    run INTEGER NOT NULL,           -- the catch-up that asked for it
    PRIMARY KEY (provider, esim_id)
) STRICT, WITHOUT ROWID;
