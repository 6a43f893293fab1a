package dev.understudy.server.net;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/** Writes an X.509 certificate that an elliptic-curve key signs for itself (RFC 5280 section 4.1), in DER. */
final class SelfSigned {
    // By hand, because a certificate builder loads and verifies some 170 classes, which is most of the time that a
    // process
    // needs to start.
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int UTF8_STRING = 0x0C;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int EXPLICIT_0 = 0xA0;

    /** From this year on UTCTime, with its two digits, would mean another century (RFC 5280 section 4.1.2.5). */
    private static final int FIRST_GENERALIZED_YEAR = 2050;

    private static final byte[] ECDSA_WITH_SHA256 = HexFormat.of().parseHex("06082a8648ce3d040302");
    private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");

    private SelfSigned() {}

    static byte[] certificate(KeyPair keys, String commonName, Instant from, Instant until)
            throws GeneralSecurityException {
        byte[] algorithm = der(SEQUENCE, ECDSA_WITH_SHA256);
        byte[] name = name(commonName);
        byte[] body = der(
                SEQUENCE,
                der(EXPLICIT_0, der(INTEGER, new byte[] {2})),
                der(
                        INTEGER,
                        new BigInteger(Long.SIZE, new SecureRandom()).setBit(0).toByteArray()),
                algorithm,
                name,
                der(SEQUENCE, time(from), time(until)),
                name,
                keys.getPublic().getEncoded());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(body);
        byte[] noUnusedBits = {0};
        return der(SEQUENCE, body, algorithm, der(BIT_STRING, noUnusedBits, signature.sign()));
    }

    private static byte[] name(String commonName) {
        byte[] text = der(UTF8_STRING, commonName.getBytes(StandardCharsets.UTF_8));
        return der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, text)));
    }

    private static byte[] time(Instant instant) {
        ZonedDateTime time = instant.atZone(ZoneOffset.UTC);
        boolean isGeneralized = time.getYear() >= FIRST_GENERALIZED_YEAR;
        String text = DateTimeFormatter.ofPattern(isGeneralized ? "yyyyMMddHHmmss'Z'" : "yyMMddHHmmss'Z'")
                .format(time);
        return der(isGeneralized ? GENERALIZED_TIME : UTC_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        writeLength(out, content.size());
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static void writeLength(ByteArrayOutputStream out, int length) {
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >>> 8);
            out.write(length);
        }
    }
}
