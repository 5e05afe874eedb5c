-- SQLite builds a table in memory for a list of more than two values, each time anew: the check of a delivery's verdict
-- cost more than storing the row. The same check without a list needs none. What a table's text says and its pages
-- don't may be edited (sqlite.org/lang_altertable.html, section 7).
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql,
        'CHECK (verdict IN (''accepted'', ''unrecognized'', ''duplicate'', ''malformed''))',
        'CHECK (verdict = ''accepted'' OR verdict = ''unrecognized'' OR verdict = ''duplicate'' OR verdict = ''malformed'')')
    WHERE type = 'table' AND name = 'deliveries';
PRAGMA writable_schema = RESET;
