package dev.understudy.server.app;

import java.util.logging.Level;
import java.util.logging.Logger;

/** The HTTP server's library, which announces itself through the JDK's logger. Thread-safe. */
final class LibraryLog {
    /** Held, because the JDK forgets the level of a logger that nobody holds. */
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    private LibraryLog() {}

    /** Warnings only, unless the process has set that otherwise: what matters of a start, we say ourselves. */
    static void quieten() {
        if (HELIDON.getLevel() == null) {
            HELIDON.setLevel(Level.WARNING);
        }
    }
}
