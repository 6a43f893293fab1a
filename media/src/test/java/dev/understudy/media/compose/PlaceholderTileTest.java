package dev.understudy.media.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.codec.PlanarPicture;
import dev.understudy.media.layout.Rect;
import java.lang.foreign.Arena;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholderTileTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            ''                  | ?
            ada                 | A
            Ada Lovelace        | AL
            ada.king.lovelace   | AL
            user-42             | U4
            Zoë Ängström        | ZA
            Łukasz Öztürk       | LO
            Ørsted              | O
            ßtraße              | S
            ___                 | ?
            李 小龙             | ??
            josé@example.com    | JC
            """, delimiter = '|')
    void initials(String userId, String expected) {
        assertThat(PlaceholderTile.initials(userId)).isEqualTo(expected);
    }

    @Test
    void writesLetters() {
        PlanarPicture picture = PlanarPicture.allocate(12, 8, Arena.ofAuto());
        picture.fill(16, 128, 128);
        TextPainter.paint(picture, "é7", new Rect(0, 0, 11, 7), 235);

        assertThat(drawing(picture)).isEqualTo("""
                #####.#####.
                #.........#.
                #........#..
                ####....#...
                #......#....
                #......#....
                #####..#....
                ............
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2x2", "638x358", "1280x720", "90x160"})
    void fillsATileOfAnySizeTheSameWayEachTime(String size) {
        int width = Integer.parseInt(size.substring(0, size.indexOf('x')));
        int height = Integer.parseInt(size.substring(size.indexOf('x') + 1));
        PlanarPicture first = PlanarPicture.allocate(width, height, Arena.ofAuto());
        PlanarPicture second = PlanarPicture.allocate(width, height, Arena.ofAuto());
        second.fill(200, 1, 1);

        PlaceholderTile.draw("abc", "Ada Lovelace", first);
        PlaceholderTile.draw("abc", "Ada Lovelace", second);

        assertThat(drawing(first)).isEqualTo(drawing(second));
        assertThat(first.sample(0, 0, 0)).isEqualTo(72);
        assertThat(first.sample(1, 0, 0)).isEqualTo(second.sample(1, 0, 0));
    }

    @Test
    void differentParticipantsMostlyDifferInColour() {
        PlanarPicture picture = PlanarPicture.allocate(4, 4, Arena.ofAuto());

        assertThat(Stream.of("a", "b", "c", "d", "e", "f", "g", "h")
                        .map(id -> {
                            PlaceholderTile.draw(id, "", picture);
                            return picture.sample(1, 0, 0) * 256 + picture.sample(2, 0, 0);
                        })
                        .distinct())
                .hasSizeGreaterThan(4);
    }

    private static String drawing(PlanarPicture picture) {
        StringBuilder drawing = new StringBuilder();
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                drawing.append(picture.sample(0, x, y) > 125 ? '#' : '.');
            }
            drawing.append('\n');
        }
        return drawing.toString();
    }
}
