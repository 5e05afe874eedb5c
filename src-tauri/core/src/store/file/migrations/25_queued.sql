-- A package that waits until another has run is kept beside that, what is sold once more begins anew, and a report may take
-- back an end that only a report told. Every eSIM is folded again.
ALTER TABLE esims ADD COLUMN queued_start INTEGER; -- UTC seconds, when the package that waits begins; NULL: none does
ALTER TABLE esims ADD COLUMN queued_end INTEGER; -- UTC seconds; NULL: not given
ALTER TABLE esims ADD COLUMN end_is_reported INTEGER NOT NULL DEFAULT 0; -- whether a report alone told that it ended
