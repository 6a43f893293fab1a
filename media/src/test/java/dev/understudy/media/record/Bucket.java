package dev.understudy.media.record;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A bucket in memory that remembers the order in which it was written. */
final class Bucket implements FileSink, RecordingFiles {
    final Map<String, byte[]> files = new LinkedHashMap<>();
    final List<String> puts = new ArrayList<>();

    @Override
    public void put(String key, byte[] content) {
        puts.add(key);
        files.put(key, content);
    }

    @Override
    public Optional<byte[]> read(String key) {
        return Optional.ofNullable(files.get(key));
    }

    String text(String key) {
        return new String(files.get(key), StandardCharsets.UTF_8);
    }
}
