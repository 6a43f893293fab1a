package dev.understudy.server.app;

import dev.understudy.control.resource.Quota;
import dev.understudy.control.resource.Quotas;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A limit as an operator sets it: {@code stages=5000}, {@code compositions=unlimited}. */
record QuotaLimit(Quota quota, int most) {
    /** At most nine digits: every such number is an int. */
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    /** Reads one; says what is wrong with another, and which names there are. */
    static final class Converter implements ITypeConverter<QuotaLimit> {
        @Override
        public QuotaLimit convert(String text) {
            int equals = text.indexOf('=');
            if (equals < 0) {
                throw new TypeConversionException("'" + text + "' is not NAME=N or NAME=unlimited");
            }
            return new QuotaLimit(quota(text.substring(0, equals)), most(text.substring(equals + 1)));
        }

        private static Quota quota(String name) {
            return Quota.named(name)
                    .orElseThrow(() -> new TypeConversionException(
                            "no quota is called '" + name + "'; there are " + String.join(", ", names())));
        }
    }

    /** Reads a number, or {@code unlimited}. */
    static final class NumberConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return most(text);
        }
    }

    private static int most(String number) {
        if (number.equals("unlimited")) {
            return Quotas.UNLIMITED;
        }
        if (!NUMBER.matcher(number).matches()) {
            throw new TypeConversionException("'" + number + "' is not a number of at most nine digits or unlimited");
        }
        return Integer.parseInt(number);
    }

    /** What all quotas are called. */
    static List<String> names() {
        return Arrays.stream(Quota.values()).map(Quota::operatorName).toList();
    }
}
