-- A change of status that is told by an eSIM's id and by its ICCID alone is one event. What was two becomes one right after,
-- by the program.
CREATE INDEX iccid_esims_esim ON iccid_esims (esim); -- the ICCIDs of one eSIM
