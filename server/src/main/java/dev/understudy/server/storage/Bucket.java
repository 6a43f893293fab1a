package dev.understudy.server.storage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A place for files under keys, as S3 has them: each is written as a whole, and a reader finds the old content or the
 * new one and nothing between. Thread-safe; every call may block.
 *
 * <p>A key is one or more names with slashes between; see {@link Key} for what is refused.
 */
public interface Bucket {
    /**
     * Stores or replaces one file. It is on disk, or wherever this bucket keeps things, when this returns.
     *
     * @throws BucketFullException when there is no room for it; what was there before stays
     */
    void put(String key, byte[] content) throws IOException;

    /** The content under {@code key}; empty when there is none. */
    Optional<byte[]> get(String key) throws IOException;

    /** All keys that begin with {@code prefix}, which may end inside a name, in order. */
    List<String> list(String prefix) throws IOException;

    /**
     * Deletes what a process that was killed had begun to write under {@code folder}, a key without a slash at its end.
     * Only for the one that writes there, before it goes on.
     *
     * @return how many files there were
     */
    int removeLeftovers(String folder) throws IOException;
}
