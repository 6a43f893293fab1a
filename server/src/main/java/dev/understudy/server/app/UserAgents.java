package dev.understudy.server.app;

import dev.understudy.control.stage.ClientDescription;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a User-Agent header says about browser and system, as far as it can be read plainly. Pure. */
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
            new Mark("OBS", Pattern.compile("OBS(?:-Studio)?/([\\d.]+)", Pattern.CASE_INSENSITIVE)));

    private static final List<Mark> SYSTEMS = List.of(
            new Mark("Android", Pattern.compile("Android ([\\d.]+)")),
            new Mark("iOS", Pattern.compile("(?:iPhone|iPad).*? OS ([\\d_]+)")),
            new Mark("Windows", Pattern.compile("Windows NT ([\\d.]+)")),
            new Mark("macOS", Pattern.compile("Mac OS X ([\\d_.]+)")),
            new Mark("Linux", Pattern.compile("Linux()")));

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
                "");
    }

    private record Found(String name, String version) {}

    private static Optional<Found> first(List<Mark> marks, String text) {
        for (Mark mark : marks) {
            Matcher matcher = mark.pattern.matcher(text);
            if (matcher.find()) {
                return Optional.of(new Found(mark.name, matcher.group(1).replace('_', '.')));
            }
        }
        return Optional.empty();
    }
}
