package dev.understudy.protocol.sdp;

/** Reads what a stranger wrote, and shows it to him. */
final class Numbers {
    /** Enough to recognise what one wrote. */
    private static final int MAX_SHOWN = 120;

    private Numbers() {}

    /** The number, or -1 when {@code text} is not one between 0 and {@code max}. */
    static int parse(String text, int max) {
        return (int) parse(text, (long) max);
    }

    /** The number, or -1 when {@code text} is not one between 0 and {@code max}. */
    static long parse(String text, long max) {
        boolean isNumber =
                !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        long number = isNumber ? Long.parseLong(text) : -1;
        return number <= max ? number : -1;
    }

    /** The text without control characters and not too long. */
    static String shown(String text) {
        String clean = text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .limit(MAX_SHOWN)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return clean.length() < text.length() ? clean + "…" : clean;
    }
}
