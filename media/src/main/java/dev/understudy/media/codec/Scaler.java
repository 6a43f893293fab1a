package dev.understudy.media.codec;

/**
 * Scales whole pictures; crops and places are {@linkplain Picture#view views}. One for each stream, so that it may keep
 * what it prepared for the last pair of sizes. Confined to one thread.
 */
public interface Scaler extends AutoCloseable {
    /**
     * Fills {@code target} with {@code source}, in the target's range of samples. Equal sizes are a copy.
     *
     * @param source of any size, also odd
     * @param target of even width and height
     */
    void scale(Picture source, Picture target);

    @Override
    void close();
}
