package dev.understudy.server.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WriteLimitTest {

    @Test
    void interruptsAWriteThatNobodyReads() {
        try (var limit = new WriteLimit(Duration.ofMillis(10))) {
            var read = new CountDownLatch(1);

            assertThatThrownBy(() -> limit.run(() -> {
                        try {
                            read.await();
                        } catch (InterruptedException _) {
                            throw new InterruptedIOException("interrupted");
                        }
                    }))
                    .isInstanceOf(IOException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    void letsAWriteThrough() throws IOException {
        try (var limit = new WriteLimit(Duration.ofHours(1))) {
            var written = new StringBuilder();

            limit.run(() -> written.append("text"));

            assertThat(written).hasToString("text");
        }
    }
}
