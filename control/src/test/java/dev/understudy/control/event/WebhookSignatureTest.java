package dev.understudy.control.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class WebhookSignatureTest {
    /** Computed with Python's {@code hmac}, as docs/events.md tells receivers to. */
    @Test
    void isWhatReceiversCompute() {
        assertThat(WebhookSignature.of(
                        "a secret of sixteen", Instant.parse("2026-11-01T10:29:59.900Z"), "{\"id\":\"x\"}"))
                .isEqualTo("t=1793528999,v1=f40539df393fa680de8bafef7d5435f5ed16ae38cc483adcd0521aa5b35b6cfb");
    }
}
