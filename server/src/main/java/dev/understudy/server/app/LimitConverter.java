package dev.understudy.server.app;

import dev.understudy.control.resource.Quotas;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how much of something there may be, as an operator writes it: a number, or {@code unlimited}. */
final class LimitConverter implements ITypeConverter<Integer> {
    /** At most nine digits: every such number is an int. */
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    @Override
    public Integer convert(String text) {
        return limit(text);
    }

    static int limit(String text) {
        if (text.equals("unlimited")) {
            return Quotas.UNLIMITED;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw new TypeConversionException("'" + text + "' is not a number of at most nine digits or unlimited");
        }
        return Integer.parseInt(text);
    }
}
