package dev.understudy.media.compose;

import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.Scaler;
import java.util.Optional;

/**
 * What a publisher gives to the picture of one tick.
 *
 * @param video empty where a placeholder stands in
 */
record Tile(int publisher, String participantId, String userId, Optional<Video> video) {
    /**
     * A picture to show.
     *
     * @param isFresh whether it is another one than at the tick before
     */
    record Video(Picture picture, Scaler scaler, boolean isFresh) {
        double aspect() {
            return (double) picture.width() / picture.height();
        }
    }
}
