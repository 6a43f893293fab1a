package dev.understudy.control.stage;

/**
 * Where the recording of one participant is in its life, by its name in the API.
 *
 * <pre>
 *   DISABLED ──► STARTING ──► ACTIVE ──► STOPPING ──► STOPPED | FAILED
 *                   ▲                                      │
 *                   └──────── publishes again ─────────────┘
 * </pre>
 *
 * <p>States may be skipped forwards; none leads back but to a new beginning.
 */
public enum RecordingState {
    /** Not recorded, and never was in this session. */
    DISABLED,
    STARTING,
    ACTIVE,
    STOPPING,
    STOPPED,
    FAILED;

    /** Whether something is written now, or soon. */
    public boolean isRecording() {
        return this == STARTING || this == ACTIVE || this == STOPPING;
    }

    /** Whether a report of {@code next} means something in this state. */
    boolean leadsTo(RecordingState next) {
        return isRecording() ? next.compareTo(this) > 0 : next == STARTING;
    }
}
