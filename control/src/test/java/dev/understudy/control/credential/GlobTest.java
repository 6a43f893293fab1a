package dev.understudy.control.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            '',       '',                 true
            '',       a,                  false
            *,        '',                 true
            *,        anything,           true
            stage/A,  stage/A,            true
            stage/A,  stage/AB,           false
            stage/A,  stage/a,            false
            stage/A*, stage/A,            true
            stage/A*, stage/ABC,          true
            stage/A*, stage/*,            false
            stage/*,  stage/*,            true
            *:stage/*, arn:1:channel/x,   false
            *:stage/*, arn:1:stage/x,     true
            a*b*c,    a-b-b-c,            true
            a*b*c,    a-c-b,              false
            a.c,      abc,                false
            **,       x,                  true
            """)
    void matches(String pattern, String text, boolean isMatch) {
        assertThat(Glob.matches(pattern, text)).isEqualTo(isMatch);
    }

    @RepeatedTest(500)
    void agreesWithARegularExpression(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        String pattern = text(random, "ab*");
        String text = text(random, "ab");

        assertThat(Glob.matches(pattern, text)).isEqualTo(Pattern.matches(pattern.replace("*", ".*"), text));
    }

    private static String text(SplittableRandom random, String letters) {
        StringBuilder text = new StringBuilder();
        random.ints(random.nextInt(8), 0, letters.length()).forEach(i -> text.append(letters.charAt(i)));
        return text.toString();
    }

    /** A pattern that would take a backtracking matcher for ever. */
    @Test
    void endsSoonOnAHostilePattern() {
        assertThat(Glob.matches("*a".repeat(50) + "b", "a".repeat(10_000))).isFalse();
    }
}
