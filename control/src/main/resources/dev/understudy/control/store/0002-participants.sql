CREATE TABLE stage_session (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    stage_arn TEXT NOT NULL REFERENCES stage (arn) ON DELETE CASCADE,
    started_at BIGINT NOT NULL,
    ended_at BIGINT
);

CREATE INDEX stage_session_by_stage ON stage_session (stage_arn, seq);

CREATE TABLE participant (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL REFERENCES stage_session (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    attributes TEXT NOT NULL,
    client TEXT NOT NULL,
    protocol TEXT NOT NULL,
    token_digest TEXT NOT NULL,
    state TEXT NOT NULL,
    joined_at BIGINT NOT NULL,
    left_at BIGINT,
    published INTEGER NOT NULL,
    publishing INTEGER NOT NULL,
    unpublished_at BIGINT,
    UNIQUE (session_id, id)
);

CREATE TABLE participant_event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL REFERENCES stage_session (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL,
    name TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    remote_participant_id TEXT,
    error_code TEXT
);

CREATE INDEX participant_event_by_participant ON participant_event (session_id, participant_id, seq);

-- Tokens are not stored. These are the ones that no longer count, until the longest-lived token has expired.
CREATE TABLE disconnected_participant (
    stage_arn TEXT NOT NULL REFERENCES stage (arn) ON DELETE CASCADE,
    participant_id TEXT NOT NULL,
    disconnected_at BIGINT NOT NULL,
    PRIMARY KEY (stage_arn, participant_id)
);
