-- What the API's lists say of an eSIM and no event does.
ALTER TABLE caught_up ADD COLUMN life_ends_at INTEGER; -- UTC seconds, the end of its profile's life, which is none of a plan; NULL: nobody said
ALTER TABLE caught_up ADD COLUMN bought TEXT NOT NULL DEFAULT '[]'; -- JSON: the packages that were bought for it, the latest last
-- It was not kept until now: each eSIM that there still is is asked for once more.
UPDATE caught_up SET mark = '-' WHERE mark <> '';
