-- Who sent it; what it said, understood once; what its sender was answered. What older rows say of these is filled in by
-- code that runs right after this.
ALTER TABLE events ADD COLUMN provider INTEGER NOT NULL DEFAULT 1; -- number of the provider
ALTER TABLE events ADD COLUMN details TEXT; -- JSON: what it says beyond its columns; NULL: nothing; empty: it is no longer kept
ALTER TABLE deliveries ADD COLUMN provider INTEGER NOT NULL DEFAULT 1; -- number of the provider
ALTER TABLE deliveries ADD COLUMN status INTEGER; -- of the answer, the first time (RFC 9110); NULL: not kept
ALTER TABLE deliveries ADD COLUMN reason TEXT; -- code of why it was turned away; NULL: it was not, or it is not known
