package dev.understudy.media.compose;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Letters as 5 × 7 dots, and how any text is written in them. Immutable. */
final class Glyphs {
    static final int COLUMNS = 5;
    static final int ROWS = 7;

    /** Each glyph, then its rows from the top, two hexadecimal digits each, the leftmost dot in bit 4. */
    private static final String TABLE = """
            A0E11111F111111 B1E11111E11111E C0E11101010110E D1E11111111111E E1F10101E10101F F1F10101E101010
            G0E11101711110F H1111111F111111 I0E04040404040E J0702020202120C K11121418141211 L1010101010101F
            M111B1515111111 N11111915131111 O0E11111111110E P1E11111E101010 Q0E11111115120D R1E11111E141211
            S0F10100E01011E T1F040404040404 U1111111111110E V11111111110A04 W1111111515150A X11110A040A1111
            Y1111110A040404 Z1F01020408101F
            00E11131519110E 1040C040404040E 20E11010204081F 31F02040201110E 402060A121F0202 51F101E0101110E
            60608101E11110E 71F010204080808 80E11110E11110E 90E11110F01020C
            ?0E110102040004 :000C0C000C0C00 .00000000000C0C -0000001F000000 +0004041F040400 /01010204081010
            """;

    /** Letters that have no plain letter inside by Unicode's own reckoning. */
    private static final Map<Character, String> PLAIN = Map.of(
            'ß', "SS", 'Ø', "O", 'Æ', "AE", 'Œ', "OE", 'Đ', "D", 'Ð', "D", 'Ł', "L", 'Þ', "TH", 'ı', "I", 'Ħ', "H");

    private static final Pattern SPACE = Pattern.compile("\\s+");

    private static final Map<Character, byte[]> ROWS_OF = read();

    private Glyphs() {}

    /** {@code text} in capitals and without accents; what has no glyph becomes a question mark. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD).toUpperCase(Locale.ROOT);
        for (int i = 0; i < decomposed.length(); i++) {
            char letter = decomposed.charAt(i);
            if (Character.getType(letter) != Character.NON_SPACING_MARK && !Character.isLowSurrogate(letter)) {
                boolean isKnown = letter == ' ' || ROWS_OF.containsKey(letter);
                plain.append(isKnown ? String.valueOf(letter) : PLAIN.getOrDefault(letter, "?"));
            }
        }
        return plain.toString();
    }

    /** Whether the dot is set; outside of the glyph, and in a space, none is. */
    static boolean dot(char glyph, int column, int row) {
        byte[] rows = ROWS_OF.get(glyph);
        boolean isInside = column >= 0 && column < COLUMNS && row >= 0 && row < ROWS;
        return rows != null && isInside && (rows[row] >> (COLUMNS - 1 - column) & 1) != 0;
    }

    private static Map<Character, byte[]> read() {
        Map<Character, byte[]> glyphs = new HashMap<>();
        for (String entry : SPACE.splitAsStream(TABLE.strip()).toList()) {
            byte[] rows = new byte[ROWS];
            for (int row = 0; row < ROWS; row++) {
                rows[row] = Byte.parseByte(entry.substring(1 + 2 * row, 3 + 2 * row), 16);
            }
            glyphs.put(entry.charAt(0), rows);
        }
        return Map.copyOf(glyphs);
    }
}
