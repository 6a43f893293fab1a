-- What an operator wants to know of a sink that is down; next_attempt_at is NULL while nothing has to be tried again.
ALTER TABLE event_sink ADD COLUMN last_success_at BIGINT;

ALTER TABLE event_sink ADD COLUMN last_error TEXT;

ALTER TABLE event_sink ADD COLUMN last_error_at BIGINT;

ALTER TABLE event_sink ADD COLUMN next_attempt_at BIGINT;
