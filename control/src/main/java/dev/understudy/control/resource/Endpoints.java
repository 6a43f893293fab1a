package dev.understudy.control.resource;

import java.net.URI;

/**
 * Where participants reach the stages of this node, as every answer and every token says it. Computed from the
 * configuration each time the node starts, never stored.
 *
 * @param events the base of the event web sockets, without a slash at the end
 * @param whip where WHIP clients post their offers
 */
public record Endpoints(String events, String whip, String rtmp, String rtmps) {

    private static final String WHIP_PATH = "/whip";

    /** The endpoints of a node that browsers reach at {@code publicUrl}, an http or https URL with or without a path. */
    public static Endpoints of(URI publicUrl) {
        String base = publicUrl.toString().replaceAll("/+$", "");
        String host = publicUrl.getHost();
        if (host == null || !base.startsWith("http")) {
            throw new IllegalArgumentException("no http or https URL with a host: " + publicUrl);
        }
        return new Endpoints(
                base.replaceFirst("^http", "ws") + "/events",
                base + WHIP_PATH,
                "rtmp://" + host + ":1935/app/",
                "rtmps://" + host + ":443/app/");
    }

    /** Where browsers reach this node, without a slash at the end. */
    public String publicUrl() {
        return whip.substring(0, whip.length() - WHIP_PATH.length());
    }

    /** The host of {@link #publicUrl}. */
    public String host() {
        return URI.create(rtmp).getHost();
    }
}
