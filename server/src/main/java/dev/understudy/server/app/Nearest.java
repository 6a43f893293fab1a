package dev.understudy.server.app;

import java.util.Collection;
import java.util.Comparator;

/** Which of the known words somebody meant who wrote another. Pure. */
final class Nearest {
    private Nearest() {}

    /** The known word with the fewest letters to change; empty when all are another word altogether. */
    static String to(String wrong, Collection<String> known) {
        return known.stream()
                .filter(word -> distance(wrong, word) <= Math.max(2, Math.max(wrong.length(), word.length()) / 2))
                .min(Comparator.comparingInt(word -> distance(wrong, word)))
                .orElse("");
    }

    /** Letters to put in, take out or replace (Levenshtein). */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
