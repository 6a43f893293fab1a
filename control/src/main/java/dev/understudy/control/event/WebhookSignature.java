package dev.understudy.control.event;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What shows the receiver of a webhook that it comes from here and is fresh: {@code t=SECONDS,v1=HEX}, where HEX is the
 * HMAC-SHA256 of {@code SECONDS.BODY} with the sink's secret. Pure.
 */
public final class WebhookSignature {
    private static final String HMAC = "HmacSHA256";

    private WebhookSignature() {}

    /** The value of the header for a body that is sent at {@code at}. */
    public static String of(String secret, Instant at, String body) {
        String signed = at.getEpochSecond() + "." + body;
        return "t=" + at.getEpochSecond() + ",v1=" + HexFormat.of().formatHex(hmac(secret, signed));
    }

    private static byte[] hmac(String secret, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(HMAC, e);
        }
    }
}
