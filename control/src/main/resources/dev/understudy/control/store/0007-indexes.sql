-- What is asked every second, or filtered by, must not depend on how much there has been.
CREATE INDEX composition_living ON composition (stage_arn) WHERE state NOT IN ('STOPPED', 'FAILED');

CREATE INDEX composition_ended ON composition (changed_at) WHERE state IN ('STOPPED', 'FAILED');

CREATE INDEX participant_by_user ON participant (session_id, user_id, seq);

CREATE INDEX participant_by_published ON participant (session_id, published, seq);

CREATE INDEX participant_by_state ON participant (session_id, state, seq);

CREATE INDEX participant_by_recording ON participant (session_id, recording_state, seq);

CREATE INDEX participant_publishing ON participant (session_id) WHERE publishing = 1;

CREATE INDEX participant_by_left ON participant (session_id, left_at);

CREATE INDEX participant_by_unpublished ON participant (session_id, unpublished_at);
