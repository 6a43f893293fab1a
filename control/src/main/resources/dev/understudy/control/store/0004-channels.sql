CREATE TABLE recording_configuration (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    arn TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    bucket_name TEXT NOT NULL,
    settings TEXT NOT NULL,
    tags TEXT NOT NULL
);

CREATE TABLE playback_restriction_policy (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    arn TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    rules TEXT NOT NULL,
    tags TEXT NOT NULL
);

CREATE TABLE ad_configuration (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    arn TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    tags TEXT NOT NULL
);

CREATE TABLE playback_key_pair (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    arn TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    material TEXT NOT NULL,
    fingerprint TEXT NOT NULL UNIQUE,
    tags TEXT NOT NULL
);

CREATE TABLE channel (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    arn TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    srt_passphrase TEXT NOT NULL,
    recording_configuration_arn TEXT REFERENCES recording_configuration (arn),
    playback_restriction_policy_arn TEXT REFERENCES playback_restriction_policy (arn),
    ad_configuration_arn TEXT REFERENCES ad_configuration (arn),
    tags TEXT NOT NULL
);

CREATE INDEX channel_by_name ON channel (name);

CREATE INDEX channel_by_recording_configuration ON channel (recording_configuration_arn);

CREATE INDEX channel_by_playback_restriction_policy ON channel (playback_restriction_policy_arn);

CREATE INDEX channel_by_ad_configuration ON channel (ad_configuration_arn);

CREATE TABLE stream_key (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    arn TEXT NOT NULL UNIQUE,
    channel_arn TEXT NOT NULL REFERENCES channel (arn) ON DELETE CASCADE,
    value TEXT NOT NULL UNIQUE,
    tags TEXT NOT NULL
);

CREATE INDEX stream_key_by_channel ON stream_key (channel_arn, seq);
