package dev.understudy.protocol.stun;

/**
 * What one side of an ICE session is known by (RFC 8445 section 5.3). Immutable.
 *
 * @param usernameFragment 4 to 256 ICE characters; not secret
 * @param password 22 to 256 ICE characters; who knows it is the peer, so it never appears in a log
 */
public record IceCredentials(String usernameFragment, String password) {
    public IceCredentials {
        if (usernameFragment.isEmpty() || password.isEmpty()) {
            throw new IllegalArgumentException("ICE credentials need a username fragment and a password");
        }
    }

    @Override
    public String toString() {
        return "IceCredentials[usernameFragment=" + usernameFragment + "]";
    }
}
