-- Statistics that SQLite gathered at an end while the tables were small: with them it goes through a whole table where an
-- index leads to one row, also when the table has grown (sqlite.org/queryplanner-ng.html). Without, a statement has one plan
-- on every desk, and a test looks at it.
DROP TABLE IF EXISTS sqlite_stat1;
DROP TABLE IF EXISTS sqlite_stat4;
ANALYZE sqlite_schema;
