-- A reference has one form, by which orders are told apart, and is shown as its sender wrote it. How that was is read right
-- after from the bodies that are kept, by the program.
ALTER TABLE events ADD COLUMN reference_written TEXT; -- NULL: as it is in reference_id, or there is none
ALTER TABLE esims ADD COLUMN reference_written TEXT; -- the same
