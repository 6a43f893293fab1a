package dev.understudy.control.event;

import dev.understudy.control.api.Hashes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What shows the receiver of a webhook that it comes from here and is fresh: {@code t=SECONDS,v1=HEX}, where HEX is the
 * HMAC-SHA256 of {@code SECONDS.BODY} with the sink's secret. Pure.
 */
public final class WebhookSignature {
    private WebhookSignature() {}

    /** The value of the header for a body that is sent at {@code at}. */
    public static String of(String secret, Instant at, String body) {
        String signed = at.getEpochSecond() + "." + body;
        return "t=" + at.getEpochSecond() + ",v1="
                + Hashes.hex(Hashes.hmac(secret.getBytes(StandardCharsets.UTF_8), signed));
    }
}
