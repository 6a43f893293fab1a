package dev.understudy.server.net;

import java.net.InetSocketAddress;

/**
 * One way between here and a peer, as UDP knows it: our address and theirs. Immutable.
 *
 * @param local the address that one of the loop's sockets is bound to; an answer leaves by the socket it came in by
 */
public record Path(InetSocketAddress local, InetSocketAddress peer) {}
