package dev.understudy.protocol.srtp;

/** The bounds that keep a peer from growing our memory or time. */
final class SrtpLimits {
    /** More than any datagram on an Ethernet path; larger ones are dropped. */
    static final int MAX_PACKET_BYTES = 2_048;

    /**
     * How many sources one direction may have: a client sends at most an audio, three video layers and their repeats. One
     * that has proved its key and still opens more is broken; its further sources are dropped.
     */
    static final int MAX_SOURCES = 64;

    /** How far back a packet may come late: about a second of 1080p video. A power of two. */
    static final int REPLAY_WINDOW = 1_024;

    private SrtpLimits() {}
}
