package dev.understudy.e2e;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Asks until the answer is right; for what another process does in its own time. */
final class Await {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration BETWEEN = Duration.ofMillis(50);

    private Await() {}

    /** The first right answer, or the last wrong one after {@code 30 s}, for the assertion to show. */
    static <T> T value(Supplier<T> question, Predicate<T> isRight) {
        return value(question, isRight, LONGEST);
    }

    static <T> T value(Supplier<T> question, Predicate<T> isRight, Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        T answer = question.get();
        while (!isRight.test(answer) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(BETWEEN.toNanos());
            answer = question.get();
        }
        return answer;
    }
}
