package dev.understudy.media.record;

/** Takes the files of a recording, in the order in which they may become visible. */
public interface FileSink {
    /**
     * Stores or replaces one file as a whole, so that a reader finds the old one or the new one and nothing between.
     *
     * @param key from the root of the bucket
     * @param content the receiver's own from here on
     */
    void put(String key, byte[] content);
}
