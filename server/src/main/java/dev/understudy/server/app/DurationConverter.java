package dev.understudy.server.app;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as operators write them: {@code 90s}, {@code 5m}, {@code 24h}, {@code 30d}. */
final class DurationConverter implements ITypeConverter<Duration> {
    /** At most seven digits: ten million days still fit every computation with times. */
    private static final Pattern FORM = Pattern.compile("(\\d{1,7})([smhd])");

    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));

    @Override
    public Duration convert(String text) {
        Matcher matcher = FORM.matcher(text);
        Duration unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new TypeConversionException("'" + text + "' is not a duration such as 90s, 5m, 24h or 30d");
        }
        return unit.multipliedBy(Long.parseLong(matcher.group(1)));
    }
}
