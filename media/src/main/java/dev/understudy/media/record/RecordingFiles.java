package dev.understudy.media.record;

import java.util.Optional;

/** Gives the files of a recording back, to check it or to go on with it. */
public interface RecordingFiles {
    /** The whole content under a key from the root of the bucket; empty when there is no such file. */
    Optional<byte[]> read(String key);
}
