-- What had ended and is used again had been given back if it ends once more, and an end that moves by an hour is the same.
-- What follows from that is folded again right after, by the program.
ALTER TABLE esims ADD COLUMN used_since_end INTEGER; -- UTC seconds, the first report that told so; NULL: none did since it ended
ALTER TABLE alerts ADD COLUMN put_off_at_ms INTEGER; -- UTC milliseconds, when it was put off last; NULL: never, or by a version before
