package dev.understudy.server.storage;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A key that is safe to use as a path: names with single slashes between, none of them {@code .} or {@code ..}, none with
 * a control character or a backslash, none of those that a {@link DirectoryBucket} keeps for itself.
 *
 * @param names at least one
 */
record Key(List<String> names) {
    /** What S3 allows, in bytes of UTF-8; characters are counted here, which is at least as strict for plain keys. */
    static final int MAX_CHARACTERS = 1_024;

    /** What file systems allow, in bytes. */
    static final int MAX_NAME_BYTES = 255;

    Key {
        names = List.copyOf(names);
    }

    /** Throws {@link IllegalArgumentException} where {@code text} is no safe key. */
    static Key of(String text) {
        List<String> names = List.of(text.split("/", -1));
        if (text.length() > MAX_CHARACTERS || !names.stream().allMatch(Key::isSafe)) {
            throw new IllegalArgumentException("no safe key: " + printable(text));
        }
        return new Key(names);
    }

    private static boolean isSafe(String name) {
        return !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && !name.startsWith(DirectoryBucket.INCOMING)
                && name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES
                && name.codePoints().noneMatch(Key::isUnsafe);
    }

    /** Control characters, what Windows takes for a slash, and halves of a surrogate pair. */
    private static boolean isUnsafe(int codePoint) {
        return Character.isISOControl(codePoint)
                || codePoint == '\\'
                || Character.getType(codePoint) == Character.SURROGATE;
    }

    private static String printable(String text) {
        String start = text.substring(0, Math.min(text.length(), 100));
        return start.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public String toString() {
        return String.join("/", names);
    }
}
