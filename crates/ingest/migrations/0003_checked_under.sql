-- Under which protocol an instance was checked when it came; empty for those that came before this was known.
ALTER TABLE instances ADD COLUMN protocol_sha256 TEXT NOT NULL DEFAULT '';
