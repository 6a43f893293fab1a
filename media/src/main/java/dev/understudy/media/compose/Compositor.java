package dev.understudy.media.compose;

import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.PlanarPicture;
import dev.understudy.media.layout.GridLayout;
import dev.understudy.media.layout.GridOptions;
import dev.understudy.media.layout.Rect;
import dev.understudy.media.layout.TileAspect;
import dev.understudy.media.layout.TileFit;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Draws tiles onto one canvas, which keeps what it shows: a tile is drawn only when its picture is new, and everything
 * only when the tiles have moved.
 */
final class Compositor {
    private static final int BLACK = 16;
    private static final int NEUTRAL = 128;

    /** Where something of a publisher stands: a fit, or, for a placeholder, none. */
    private record Drawn(int publisher, Rect place, Optional<TileFit> fit) {}

    private final PlanarPicture canvas;
    private final GridOptions options;
    private List<Drawn> drawn = List.of();

    /** A black canvas. */
    Compositor(int width, int height, GridOptions options) {
        this.canvas = PlanarPicture.allocate(width, height, Arena.ofAuto());
        this.options = options;
        canvas.fill(BLACK, NEUTRAL, NEUTRAL);
    }

    /** What was composed last; written over by the next {@link #compose}. */
    Picture canvas() {
        return canvas;
    }

    /** Brings the canvas up to date. */
    void compose(List<Tile> all) {
        List<Tile> tiles = all.stream()
                .filter(tile -> tile.video().isPresent() || !options.omitStoppedVideo())
                .toList();
        List<Drawn> wanted = arrange(tiles);
        boolean hasMoved = !places(wanted).equals(places(drawn));
        if (hasMoved) {
            canvas.fill(BLACK, NEUTRAL, NEUTRAL);
        }
        for (int i = 0; i < tiles.size(); i++) {
            if (hasMoved || !wanted.get(i).equals(drawn.get(i))) {
                clear(wanted.get(i).place);
                draw(tiles.get(i), wanted.get(i));
            } else if (tiles.get(i).video().filter(Tile.Video::isFresh).isPresent()) {
                draw(tiles.get(i), wanted.get(i));
            }
        }
        drawn = wanted;
    }

    private List<Drawn> arrange(List<Tile> tiles) {
        List<Double> aspects = tiles.stream()
                .flatMap(tile -> tile.video().stream())
                .map(Tile.Video::aspect)
                .toList();
        double aspect = TileAspect.of(options.tileShape(), aspects);
        var grid = new GridLayout(canvas.width(), canvas.height(), options.gapPixels(), aspect);
        List<Rect> places = grid.arrange(tiles.size());
        List<Drawn> arranged = new ArrayList<>();
        for (int i = 0; i < tiles.size(); i++) {
            arranged.add(arranged(tiles.get(i), places.get(i)));
        }
        return arranged;
    }

    private Drawn arranged(Tile tile, Rect place) {
        boolean isEmpty = place.width() == 0 || place.height() == 0;
        return new Drawn(
                tile.publisher(),
                place,
                isEmpty ? Optional.empty() : tile.video().map(video -> fit(video.picture(), place)));
    }

    private TileFit fit(Picture picture, Rect place) {
        return TileFit.of(picture.width(), picture.height(), place, options.fillMode());
    }

    private static List<Drawn> places(List<Drawn> tiles) {
        return tiles.stream()
                .map(tile -> new Drawn(tile.publisher, tile.place, Optional.empty()))
                .toList();
    }

    private void draw(Tile tile, Drawn where) {
        if (where.place.width() == 0 || where.place.height() == 0) {
            return;
        }
        if (where.fit.isEmpty()) {
            PlaceholderTile.draw(tile.participantId(), tile.userId(), canvas.view(where.place));
            return;
        }
        TileFit fit = where.fit.get();
        tile.video()
                .ifPresent(video ->
                        video.scaler().scale(video.picture().view(fit.crop()), canvas.view(fit.destination())));
    }

    private void clear(Rect place) {
        canvas.view(place).fill(BLACK, NEUTRAL, NEUTRAL);
    }
}
