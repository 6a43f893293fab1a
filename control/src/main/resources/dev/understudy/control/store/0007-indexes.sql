-- What is asked every second, or filtered by, must not depend on how much there has been.
CREATE INDEX composition_by_change ON composition (state, changed_at);

CREATE INDEX participant_by_user ON participant (session_id, user_id, seq);

CREATE INDEX participant_by_published ON participant (session_id, published, seq);

CREATE INDEX participant_by_state ON participant (session_id, state, seq);

CREATE INDEX participant_by_recording ON participant (session_id, recording_state, seq);

CREATE INDEX participant_by_publishing ON participant (session_id, publishing);

CREATE INDEX participant_by_left ON participant (session_id, left_at);

CREATE INDEX participant_by_unpublished ON participant (session_id, unpublished_at);

CREATE INDEX participant_connected ON participant (state) WHERE state = 'CONNECTED';
