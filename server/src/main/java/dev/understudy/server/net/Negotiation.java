package dev.understudy.server.net;

import dev.understudy.media.ingest.PublisherSettings;
import dev.understudy.media.ingest.Track;
import dev.understudy.protocol.sdp.Media;
import dev.understudy.protocol.sdp.PublishOffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/** What an accepted offer means to the receiving machine. Stateless. */
final class Negotiation {
    private static final byte[] START_CODE = {0, 0, 0, 1};

    private Negotiation() {}

    /** {@code localSsrc} is what our RTCP speaks by. */
    static PublisherSettings settings(PublishOffer offer, long localSsrc) {
        return new PublisherSettings(
                offer.media().stream().map(Negotiation::format).toList(),
                extension(offer, Media::midExtension),
                extension(
                        offer,
                        media -> media.hasTransportFeedback() ? media.transportExtension() : OptionalInt.empty()),
                localSsrc);
    }

    private static PublisherSettings.Format format(Media media) {
        return new PublisherSettings.Format(
                track(media),
                media.mid(),
                media.payloadType(),
                media.rtxPayloadType().orElse(PublisherSettings.NONE),
                media.hasNack(),
                media.hasPictureLossIndication());
    }

    private static Track track(Media media) {
        return switch (media.kind()) {
            case AUDIO -> Track.audio(media.channels());
            case VIDEO -> Track.video(annexB(media.parameterSets()));
        };
    }

    private static ByteBuffer annexB(List<ByteBuffer> nalUnits) {
        int bytes = nalUnits.stream()
                .mapToInt(unit -> START_CODE.length + unit.remaining())
                .sum();
        ByteBuffer out = ByteBuffer.allocate(bytes);
        nalUnits.forEach(unit -> out.put(START_CODE).put(unit.duplicate()));
        return out.flip();
    }

    /** In one bundle an id means the same in every section (RFC 8843 section 7.1.3), so the first one counts. */
    private static int extension(PublishOffer offer, Function<Media, OptionalInt> id) {
        List<Integer> ids = new ArrayList<>();
        offer.media().forEach(media -> id.apply(media).ifPresent(ids::add));
        return ids.isEmpty() ? 0 : ids.getFirst();
    }
}
