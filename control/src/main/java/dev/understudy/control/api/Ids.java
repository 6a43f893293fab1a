package dev.understudy.control.api;

import java.util.random.RandomGenerator;

/**
 * Makes identifiers in the service's form: mixed-case letters and digits, drawn from a random source that is handed in.
 *
 * <p>As thread-safe as the source: give it a {@link java.security.SecureRandom} in a server, a seeded one in a test.
 */
public final class Ids {
    /** The length of a resource's, a participant's and a destination's id; 71 random bits. */
    public static final int LENGTH = 12;

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final RandomGenerator random;

    public Ids(RandomGenerator random) {
        this.random = random;
    }

    /** An id of {@value #LENGTH} characters. */
    public String next() {
        return next(LENGTH);
    }

    /** An id of {@code length} characters, 1 or more. */
    public String next(int length) {
        StringBuilder id = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }
}
