-- What has happened, as receivers are told, oldest first. bytes_so_far only grows, so that the outbox is measured by a subtraction.
CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    resource TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    envelope TEXT NOT NULL,
    bytes_so_far BIGINT NOT NULL
);

CREATE INDEX event_by_resource ON event (resource, seq);

-- How far each sink is: every event up to position is settled, but those that event_backlog says are waiting.
CREATE TABLE event_sink (
    name TEXT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    parked BIGINT NOT NULL,
    dropped BIGINT NOT NULL
);

-- The resources whose next event, seq or the first after it, a sink has not taken yet.
CREATE TABLE event_backlog (
    sink TEXT NOT NULL REFERENCES event_sink (name) ON DELETE CASCADE,
    resource TEXT NOT NULL,
    seq BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    refusals INTEGER NOT NULL,
    due_at BIGINT NOT NULL,
    PRIMARY KEY (sink, resource)
);

-- Events that a sink was given up on for, with what it said last.
CREATE TABLE event_parked (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    sink TEXT NOT NULL REFERENCES event_sink (name) ON DELETE CASCADE,
    event_id TEXT NOT NULL,
    resource TEXT NOT NULL,
    envelope TEXT NOT NULL,
    reason TEXT NOT NULL,
    parked_at BIGINT NOT NULL
);

CREATE INDEX event_parked_by_sink ON event_parked (sink, seq);
