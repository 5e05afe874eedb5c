-- Events of one second go by the place of their status in an eSIM's life, and a time beyond its receipt is not believed.
-- What follows from it is folded again behind all migrations, by the program.
ALTER TABLE esims RENAME COLUMN last_order_terminal TO last_order_place;
ALTER TABLE esims ADD COLUMN unbelieved_until INTEGER; -- UTC seconds, the latest of its events' `unbelieved_at`; NULL: none has one
ALTER TABLE events ADD COLUMN unbelieved_at INTEGER; -- UTC seconds that it claims and nobody believes, so that `occurred_at` is its receipt; 0: it claims none; NULL: it is believed

UPDATE events SET unbelieved_at = 0, occurred_at = received_at_ms / 1000, problem = coalesce(problem, 'noTime')
    WHERE occurred_at IS NULL OR occurred_at <= 0;
-- What lay beyond its receipt and has become past since is where it belongs. What still lies ahead of everything that came
-- keeps the last word, so it goes by its receipt.
UPDATE events SET unbelieved_at = occurred_at, occurred_at = received_at_ms / 1000, problem = coalesce(problem, 'futureTime')
    WHERE occurred_at > received_at_ms / 1000 + 900 AND received_at_ms >= 1761955200000
    AND occurred_at > (SELECT max(last_received_at_ms) FROM deliveries) / 1000 + 900;
UPDATE deliveries SET verdict = 'unrecognized' WHERE verdict = 'accepted'
    AND event IN (SELECT id FROM events WHERE unbelieved_at IS NOT NULL AND problem IS NOT NULL);
