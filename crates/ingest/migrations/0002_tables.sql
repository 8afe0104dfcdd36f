-- Clinical tables, each with the record of its check. The object is in the store, under its digest.
CREATE TABLE tables (
    project       TEXT NOT NULL,
    contribution  TEXT NOT NULL,
    sha256        TEXT NOT NULL,
    bytes         INTEGER NOT NULL,
    rows          INTEGER NOT NULL,
    columns       INTEGER NOT NULL,
    verdict       TEXT NOT NULL CHECK (verdict IN ('clean', 'held')),
    record        TEXT NOT NULL,
    record_sha256 TEXT NOT NULL,
    received_at   TEXT NOT NULL,
    PRIMARY KEY (project, contribution, sha256),
    FOREIGN KEY (project, contribution) REFERENCES contributions (project, id)
) STRICT;
CREATE INDEX tables_sha256 ON tables (sha256);
