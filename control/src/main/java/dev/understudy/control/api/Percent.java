package dev.understudy.control.api;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Percent-encoding (RFC 3986 section 2.1) as AWS uses it: a plus sign is a plus sign, never a space. */
final class Percent {
    private static final String HEX = "0123456789ABCDEF";

    private Percent() {}

    /** Decodes a part of a URI that names the member {@code member}; an {@link ApiException} when it is malformed. */
    static String decode(String raw, String member) {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        var bytes = new ByteArrayOutputStream(raw.length());
        if (!decode(raw, bytes)) {
            throw ApiException.invalid(member, "must be percent-encoded");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException _) {
            throw ApiException.invalid(member, "must be percent-encoded UTF-8");
        }
    }

    /** Decodes and encodes again, so that everything but RFC 3986's unreserved characters is encoded, once. */
    static String normalize(String raw) {
        var bytes = new ByteArrayOutputStream(raw.length());
        decode(raw, bytes);
        return encode(bytes.toByteArray(), false);
    }

    /** Encodes every byte but the unreserved ones, and leaves slashes. */
    static String encodePath(String path) {
        return encode(path.getBytes(StandardCharsets.UTF_8), true);
    }

    private static String encode(byte[] bytes, boolean keepSlash) {
        StringBuilder out = new StringBuilder(bytes.length + 16);
        for (byte b : bytes) {
            if (isUnreserved(b) || (keepSlash && b == '/')) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX.charAt((b & 0xF0) >> 4)).append(HEX.charAt(b & 0xF));
            }
        }
        return out.toString();
    }

    private static boolean isUnreserved(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '_'
                || b == '.'
                || b == '~';
    }

    /** The decoded values of each parameter with this name, which has unreserved characters only, in order. */
    static List<String> queryValues(String rawQuery, String name) {
        List<String> values = new ArrayList<>();
        for (String parameter : rawQuery.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String rawName = equals < 0 ? parameter : parameter.substring(0, equals);
            if (normalize(rawName).equals(name)) {
                values.add(decode(equals < 0 ? "" : parameter.substring(equals + 1), name));
            }
        }
        return values;
    }

    /** Whether every percent sign began an escape; one that did not stands for itself. */
    private static boolean decode(String raw, ByteArrayOutputStream out) {
        byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
        boolean wellFormed = true;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '%') {
                out.write(bytes[i]);
                continue;
            }
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                wellFormed = false;
                out.write('%');
                continue;
            }
            out.write((high << 4) | low);
            i += 2;
        }
        return wellFormed;
    }
}
