package dev.understudy.control.stage;

import java.util.regex.Pattern;

/** What a client says about itself; each {@code ""} when it says nothing. Shown, never relied on. Immutable. */
public record ClientDescription(
        String ispName, String osName, String osVersion, String browserName, String browserVersion, String sdkVersion) {

    private static final int MAX_CHARS = 128;
    private static final Pattern NOT_SHOWN = Pattern.compile("[^a-zA-Z0-9_.,:;\\s-]");

    /** Of a client that says nothing. */
    public static final ClientDescription UNKNOWN = new ClientDescription("", "", "", "", "", "");

    /** Cuts what is too long and drops letters that answers may not show. */
    public ClientDescription {
        ispName = shown(ispName);
        osName = shown(osName);
        osVersion = shown(osVersion);
        browserName = shown(browserName);
        browserVersion = shown(browserVersion);
        sdkVersion = shown(sdkVersion);
    }

    private static String shown(String text) {
        String clean = NOT_SHOWN.matcher(text).replaceAll("");
        return clean.length() <= MAX_CHARS ? clean : clean.substring(0, MAX_CHARS);
    }
}
