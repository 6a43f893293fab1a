package dev.understudy.protocol.hls;

import dev.understudy.protocol.hls.MediaPlaylist.Part;
import dev.understudy.protocol.hls.MediaPlaylist.Segment;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads media playlists of our own making: it takes what it needs from each line, writes the result again, and accepts
 * only what comes out the same. So there is one grammar, the writer's.
 */
final class MediaPlaylistReader {
    private static final Pattern TARGET = Pattern.compile("(?m)^#EXT-X-TARGETDURATION:(\\d{1,5})$");
    private static final Pattern MAP = Pattern.compile("#EXT-X-MAP:URI=\"(" + MediaPlaylist.URI + ")\"");
    private static final Pattern WALL_TIME =
            Pattern.compile("#EXT-X-PROGRAM-DATE-TIME:(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z)");
    private static final Pattern DURATION = Pattern.compile("#EXTINF:(\\d{1,5})\\.(\\d{5}),");

    private final List<Part> parts = new ArrayList<>();
    private List<Segment> segments = new ArrayList<>();
    private String initUri = "";
    private Instant startsAt = Instant.EPOCH;
    private Duration duration = Duration.ZERO;

    private MediaPlaylistReader() {}

    static @Nullable MediaPlaylist read(String text) {
        Matcher target = TARGET.matcher(text);
        if (!target.find()) {
            return null;
        }
        try {
            MediaPlaylistReader reader = new MediaPlaylistReader();
            text.lines().forEach(reader::take);
            reader.closePart();
            boolean ended = text.endsWith("#EXT-X-ENDLIST\n");
            MediaPlaylist playlist = new MediaPlaylist(Integer.parseInt(target.group(1)), reader.parts, ended);
            return playlist.text().equals(text) ? playlist : null;
        } catch (IllegalArgumentException | DateTimeParseException _) {
            return null; // a value that the writer would not have written
        }
    }

    private void take(String line) {
        Matcher map = MAP.matcher(line);
        Matcher wallTime = WALL_TIME.matcher(line);
        Matcher extinf = DURATION.matcher(line);
        if (map.matches()) {
            closePart();
            initUri = map.group(1);
        } else if (wallTime.matches()) {
            startsAt = Instant.parse(wallTime.group(1));
        } else if (extinf.matches()) {
            duration = Duration.ofSeconds(Long.parseLong(extinf.group(1)), Long.parseLong(extinf.group(2)) * 10_000);
        } else if (!line.startsWith("#")) {
            segments.add(new Segment(line, duration));
        }
    }

    private void closePart() {
        if (!initUri.isEmpty()) {
            parts.add(new Part(initUri, startsAt, segments));
            segments = new ArrayList<>();
        }
    }
}
