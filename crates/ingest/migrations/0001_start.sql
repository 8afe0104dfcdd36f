-- Everything the server knows beside the objects themselves.
-- Times are RFC 3339 in UTC, as text; digests are lower-case hexadecimal.

CREATE TABLE projects (
    id          TEXT PRIMARY KEY NOT NULL,
    title       TEXT NOT NULL,
    created_at  TEXT NOT NULL
) STRICT;

-- Every protocol that a project ever published; the newest row is the current one.
CREATE TABLE protocols (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    project      TEXT NOT NULL REFERENCES projects (id),
    sha256       TEXT NOT NULL,
    json         TEXT NOT NULL,
    published_at TEXT NOT NULL
) STRICT;
CREATE INDEX protocols_project ON protocols (project, sha256);

-- Only the digest of a token is here: this file opens nothing.
CREATE TABLE invitations (
    id          TEXT PRIMARY KEY NOT NULL,
    project     TEXT NOT NULL REFERENCES projects (id),
    token       BLOB NOT NULL UNIQUE,
    role        TEXT NOT NULL CHECK (role IN ('contribute', 'read', 'both')),
    created_at  TEXT NOT NULL,
    expires_at  INTEGER NOT NULL,
    revoked_at  TEXT
) STRICT;

CREATE TABLE contributions (
    project     TEXT NOT NULL REFERENCES projects (id),
    id          TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    closed_at   TEXT,
    list_sha256 TEXT,
    receipt     TEXT,
    PRIMARY KEY (project, id)
) STRICT;

CREATE TABLE instances (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    project     TEXT NOT NULL REFERENCES projects (id),
    study       TEXT NOT NULL,
    series      TEXT NOT NULL,
    instance    TEXT NOT NULL,
    sop_class   TEXT NOT NULL,
    syntax      TEXT NOT NULL,
    patient     TEXT NOT NULL,
    modality    TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    bytes       INTEGER NOT NULL,
    verdict     TEXT NOT NULL CHECK (verdict IN ('clean', 'held')),
    -- Held and not yet released by a person: nobody but the server sees it.
    visible     INTEGER NOT NULL CHECK (visible IN (0, 1)),
    -- What QIDO-RS matches and answers with, as DICOM JSON.
    attributes  TEXT NOT NULL,
    received_at TEXT NOT NULL,
    UNIQUE (project, instance)
) STRICT;
CREATE INDEX instances_study ON instances (project, study, series);
CREATE INDEX instances_series ON instances (project, series);
CREATE INDEX instances_sha256 ON instances (sha256);

-- Which contribution brought which instance. The same instance may be brought twice.
CREATE TABLE brought (
    project      TEXT NOT NULL,
    contribution TEXT NOT NULL,
    instance_row INTEGER NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    PRIMARY KEY (project, contribution, instance_row)
) STRICT, WITHOUT ROWID;
CREATE INDEX brought_instance ON brought (instance_row);

-- Append-only; each row's hash covers the row before it.
CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY NOT NULL,
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL,
    project TEXT NOT NULL,
    action  TEXT NOT NULL,
    detail  TEXT NOT NULL,
    hash    TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
