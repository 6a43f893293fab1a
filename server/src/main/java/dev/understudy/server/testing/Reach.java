package dev.understudy.server.testing;

/** Who may use the test controls. */
public enum Reach {
    /** Nobody: there are none. */
    NOBODY,

    /** Programs on this machine. */
    LOOPBACK,

    /** Everybody who reaches the node's HTTP port, as in a network of containers. */
    NETWORK
}
