package dev.understudy.server.app;

import dev.understudy.control.stage.ClientDescription;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a User-Agent header says about browser, system and SDK, as far as it can be read plainly. Pure.
 *
 * <p>Browsers are the programs that people publish with, OBS and Larix among them. What publishes without one names
 * itself by a product and its version at the beginning (RFC 9110 section 10.1.5), as GStreamer, FFmpeg and curl do: that
 * is the SDK. Programs on libwebrtc that name neither say nothing.
 */
final class UserAgents {
    /** Longer ones are no browser's. */
    private static final int MAX_CHARS = 1_024;

    private record Mark(String name, Pattern pattern) {}

    /** More particular ones first: Edge and Opera call themselves Chrome too, and Chrome Safari. */
    private static final List<Mark> BROWSERS = List.of(
            new Mark("Edge", Pattern.compile("Edg(?:e|A|iOS)?/([\\d.]+)")),
            new Mark("Opera", Pattern.compile("OPR/([\\d.]+)")),
            new Mark("Firefox", Pattern.compile("(?:Firefox|FxiOS)/([\\d.]+)")),
            new Mark("Chrome", Pattern.compile("(?:HeadlessChrome|Chrome|CriOS)/([\\d.]+)")),
            new Mark("Safari", Pattern.compile("Version/([\\d.]+).* Safari/")),
            new Mark("OBS", Pattern.compile("OBS(?:-Studio)?/([\\w.-]+)", Pattern.CASE_INSENSITIVE)),
            new Mark("Larix", Pattern.compile("Larix[ \\w]*/([\\d.]+)")));

    /** More particular ones first, again: Android calls itself Linux, and iOS Mac OS X. Versions are often left out. */
    private static final List<Mark> SYSTEMS = List.of(
            new Mark("Android", Pattern.compile("Android ?([\\d.]*)")),
            new Mark("iOS", Pattern.compile("(?:iPhone|iPad).*? OS ([\\d_]+)")),
            new Mark("iOS", Pattern.compile("\\biOS[ /]?([\\d.]*)")),
            new Mark("Chrome OS", Pattern.compile("CrOS (?:\\w+ ([\\d.]+))?")),
            new Mark("Windows", Pattern.compile("Windows(?: NT ([\\d.]+))?")),
            new Mark("macOS", Pattern.compile("(?:Mac OS X|macOS)[ /]?([\\d_.]*)")),
            new Mark("FreeBSD", Pattern.compile("FreeBSD ?([\\d.]*)")),
            new Mark("OpenBSD", Pattern.compile("OpenBSD ?([\\d.]*)")),
            new Mark("Linux", Pattern.compile("Linux()", Pattern.CASE_INSENSITIVE)));

    /** The first product, with its version if it has one. */
    private static final Pattern PRODUCT = Pattern.compile("([A-Za-z][\\w.-]*+)(?:/[\\w.+-]++)?+(?=[ ;(]|$)");

    /** What browsers begin with, whoever they are. */
    private static final String ANY_BROWSER = "Mozilla";

    private record Found(String name, String version) {}

    private UserAgents() {}

    static ClientDescription describe(String userAgent) {
        String text = userAgent.length() <= MAX_CHARS ? userAgent : userAgent.substring(0, MAX_CHARS);
        Optional<Found> browser = first(BROWSERS, text);
        Optional<Found> system = first(SYSTEMS, text);
        return new ClientDescription(
                "",
                system.map(Found::name).orElse(""),
                system.map(Found::version).orElse(""),
                browser.map(Found::name).orElse(""),
                browser.map(Found::version).orElse(""),
                browser.isPresent() ? "" : sdk(text));
    }

    private static Optional<Found> first(List<Mark> marks, String text) {
        for (Mark mark : marks) {
            Matcher matcher = mark.pattern.matcher(text);
            if (matcher.find()) {
                return Optional.of(new Found(mark.name, firstGroup(matcher).replace('_', '.')));
            }
        }
        return Optional.empty();
    }

    private static String firstGroup(Matcher matcher) {
        return Optional.ofNullable(matcher.group(1)).orElse("");
    }

    /** {@code "curl 8.5.0"}: answers may show no slash. */
    private static String sdk(String text) {
        Matcher product = PRODUCT.matcher(text);
        boolean isNamed = product.lookingAt() && !firstGroup(product).equals(ANY_BROWSER);
        return isNamed ? product.group().replaceFirst("/v?(?=\\d)|/", " ") : "";
    }
}
