package dev.understudy.server.event;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells requests of this node's own pages and of programs from those that a foreign page makes a browser send. Immutable.
 *
 * <p>A foreign page can name an address of ours by a host name of its own (DNS rebinding), so the Host must be one that is
 * ours or an address; and where a browser says which page it acts for, that must be ours.
 *
 * @param publicUrl what clients reach the node by
 */
record SameOrigin(URI publicUrl) {

    /** Why a request is refused; empty when it is not. */
    Optional<String> refusal(Optional<String> host, Optional<String> origin) {
        if (host.isEmpty() || !isOurs(host.get())) {
            return Optional.of("The Host header names another site.");
        }
        if (origin.isPresent() && !isOurs(origin.get(), host.get())) {
            return Optional.of("The Origin header names another site.");
        }
        return Optional.empty();
    }

    private boolean isOurs(String host) {
        String name = host.replaceFirst(":[0-9]{1,5}$", "").toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.equals(publicUrl.getHost().toLowerCase(Locale.ROOT)) || isAddress(name);
    }

    private static boolean isAddress(String name) {
        boolean isBracketed = name.startsWith("[") && name.endsWith("]");
        if (!isBracketed && name.contains(":")) {
            return false;
        }
        try {
            InetAddress.ofLiteral(isBracketed ? name.substring(1, name.length() - 1) : name);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private boolean isOurs(String origin, String host) {
        return origin.equalsIgnoreCase("http://" + host)
                || origin.equalsIgnoreCase(publicUrl.getScheme() + "://" + publicUrl.getRawAuthority());
    }
}
