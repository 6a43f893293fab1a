-- Lists are paged by seq, which only grows. Times are milliseconds since 1970. Nested values that nothing searches are JSON.

CREATE TABLE stage (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    arn TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    recording TEXT NOT NULL,
    tags TEXT NOT NULL
);

CREATE TABLE encoder_configuration (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    arn TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    framerate DOUBLE PRECISION NOT NULL,
    bitrate INTEGER NOT NULL,
    tags TEXT NOT NULL
);

CREATE TABLE storage_configuration (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    arn TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    bucket_name TEXT NOT NULL,
    tags TEXT NOT NULL
);

-- stage_arn refers to no row: a composition outlives its stage by the minutes it takes to end.
CREATE TABLE composition (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    arn TEXT NOT NULL UNIQUE,
    stage_arn TEXT NOT NULL,
    layout TEXT NOT NULL,
    tags TEXT NOT NULL,
    idempotency_token TEXT UNIQUE,
    request TEXT NOT NULL,
    state TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    reason TEXT
);

CREATE INDEX composition_by_stage ON composition (stage_arn, state);

CREATE TABLE destination (
    composition_arn TEXT NOT NULL REFERENCES composition (arn) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    configuration TEXT NOT NULL,
    encoder_configuration_arn TEXT,
    storage_configuration_arn TEXT,
    recording_prefix TEXT,
    state TEXT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    reason TEXT,
    PRIMARY KEY (composition_arn, position)
);

CREATE INDEX destination_by_encoder ON destination (encoder_configuration_arn);

CREATE INDEX destination_by_storage ON destination (storage_configuration_arn);

CREATE TABLE public_key (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    arn TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    material TEXT NOT NULL,
    fingerprint TEXT NOT NULL UNIQUE,
    tags TEXT NOT NULL
);
