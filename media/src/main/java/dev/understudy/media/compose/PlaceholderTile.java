package dev.understudy.media.compose;

import dev.understudy.media.codec.PlanarPicture;
import dev.understudy.media.layout.Rect;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What stands where a participant shows no video: a quiet colour, the same one for the same participant, and initials,
 * so that a viewer can see who speaks. Stateless.
 */
final class PlaceholderTile {
    private static final int LETTER_LUMA = 220;
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}\\p{M}]+");

    private record Colour(int luma, int cb, int cr) {}

    /** Eight of one lightness and little saturation, evenly around the circle of hues. */
    private static final List<Colour> COLOURS = List.of(
            new Colour(72, 148, 128),
            new Colour(72, 142, 142),
            new Colour(72, 128, 148),
            new Colour(72, 114, 142),
            new Colour(72, 108, 128),
            new Colour(72, 114, 114),
            new Colour(72, 128, 108),
            new Colour(72, 142, 114));

    private PlaceholderTile() {}

    static void draw(String participantId, String userId, PlanarPicture tile) {
        Colour colour = COLOURS.get(Math.floorMod(participantId.hashCode(), COLOURS.size()));
        tile.fill(colour.luma, colour.cb, colour.cr);
        int height = tile.height() / 3;
        int width = tile.width() / 2;
        Rect box = new Rect((tile.width() - width) / 2, (tile.height() - height) / 2, width, height);
        TextPainter.paint(tile, initials(userId), box, LETTER_LUMA);
    }

    /** The first letters of the first and the last word, where words are of letters and digits; "?" without any. */
    static String initials(String userId) {
        List<String> words = BETWEEN_WORDS
                .splitAsStream(userId)
                .filter(word -> !word.isEmpty())
                .toList();
        if (words.isEmpty()) {
            return "?";
        }
        String first = initial(words.getFirst());
        return words.size() == 1 ? first : first + initial(words.getLast());
    }

    private static String initial(String word) {
        return Glyphs.plain(word).substring(0, 1);
    }
}
