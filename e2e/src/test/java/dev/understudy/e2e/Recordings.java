package dev.understudy.e2e;

import dev.understudy.media.record.RecordingCheck;
import dev.understudy.media.record.RecordingReport;
import dev.understudy.protocol.hls.MediaPlaylist;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Recordings as they lie in a bucket's folder. */
final class Recordings {
    private Recordings() {}

    static RecordingReport check(Path recording) {
        // The check wants keys with a prefix; any one level will do.
        String prefix = recording.getFileName().toString();
        return RecordingCheck.check(prefix, key -> read(recording.resolveSibling(key)));
    }

    static Path multivariant(Path recording) {
        return recording.resolve("media/hls/multivariant.m3u8");
    }

    /** Empty before the first segment. */
    static Optional<Path> mediaPlaylist(Path recording) {
        Path folder = recording.resolve("media/hls");
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        // Entries are not looked at one by one: a file that is being written has gone when its turn comes.
        try (Stream<Path> renditions = Files.list(folder)) {
            return renditions
                    .map(rendition -> rendition.resolve("playlist.m3u8"))
                    .filter(Files::exists)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files that the media playlist lists, in its order. */
    static List<Path> listedSegments(Path recording) {
        return mediaPlaylist(recording)
                .map(playlist -> lines(playlist).stream()
                        .filter(line -> !line.startsWith("#"))
                        .map(playlist::resolveSibling)
                        .toList())
                .orElse(List.of());
    }

    /** How much of it is listed so far. */
    static double seconds(Path recording) {
        return parts(recording).stream()
                        .flatMap(part -> part.segments().stream())
                        .mapToLong(segment -> segment.duration().toNanos())
                        .sum()
                / 1e9;
    }

    /** The longest time between the end of a part and the beginning of the next, by PROGRAM-DATE-TIME. */
    static Duration longestHole(Path recording) {
        Duration longest = Duration.ZERO;
        Instant end = null;
        for (MediaPlaylist.Part part : parts(recording)) {
            if (end != null && Duration.between(end, part.startsAt()).compareTo(longest) > 0) {
                longest = Duration.between(end, part.startsAt());
            }
            end = part.startsAt();
            for (MediaPlaylist.Segment segment : part.segments()) {
                end = end.plus(segment.duration());
            }
        }
        return longest;
    }

    /** Empty before the first segment. */
    private static List<MediaPlaylist.Part> parts(Path recording) {
        return mediaPlaylist(recording)
                .map(playlist -> MediaPlaylist.parse(String.join("\n", lines(playlist)) + "\n")
                        .parts())
                .orElse(List.of());
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<byte[]> read(Path file) {
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
