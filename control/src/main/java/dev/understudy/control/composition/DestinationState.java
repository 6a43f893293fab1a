package dev.understudy.control.composition;

/**
 * Where one output of a composition is in its life, by its name in the API.
 *
 * <pre>
 *   STARTING --STARTED--> ACTIVE --STOP--> STOPPING --ENDED--> STOPPED
 *      |                  |    ^              |
 *      |       INTERRUPTED|    |STARTED       |
 *      |                  v    |              |
 *      |               RECONNECTING           |
 *      +-------- BROKE ---+--- BROKE ---------+--------------> FAILED
 * </pre>
 *
 * <p>STOP leads from every living state to STOPPING. The pure half; {@link CompositionRows} stores it.
 */
enum DestinationState {
    STARTING,
    ACTIVE,
    RECONNECTING,
    STOPPING,
    STOPPED,
    FAILED;

    enum Event {
        STARTED,
        INTERRUPTED,
        STOP,
        ENDED,
        BROKE
    }

    /** The state after {@code event}. One that means nothing here changes nothing. */
    DestinationState on(Event event) {
        if (hasEnded()) {
            return this;
        }
        return switch (event) {
            case STARTED -> this == STOPPING ? this : ACTIVE;
            case INTERRUPTED -> this == ACTIVE ? RECONNECTING : this;
            case STOP -> STOPPING;
            case ENDED -> this == STOPPING ? STOPPED : this;
            case BROKE -> FAILED;
        };
    }

    boolean hasEnded() {
        return this == STOPPED || this == FAILED;
    }
}
