package dev.understudy.protocol.mp4;

/** What the header of a file says of one track. */
sealed interface Track permits VideoTrack, AudioTrack {
    int id();

    /** Units a second. */
    int timescale();

    /** The handler type: {@code vide} or {@code soun}. */
    String handler();

    /** Of the picture in pixels; 0 for sound. */
    int width();

    /** Of the picture in pixels; 0 for sound. */
    int height();

    /** 8.8 fixed point: 1.0 for sound, 0 for pictures. */
    int volume();

    void writeMediaHeader(BoxWriter out);

    void writeSampleEntry(BoxWriter out);
}
