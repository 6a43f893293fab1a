package dev.understudy.server.app;

import dev.understudy.control.resource.Quota;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A limit as an operator sets it: {@code stages=5000}, {@code compositions=unlimited}. */
record QuotaLimit(Quota quota, int most) {
    /** Reads one; says what is wrong with another, and which names there are. */
    static final class Converter implements ITypeConverter<QuotaLimit> {
        @Override
        public QuotaLimit convert(String text) {
            int equals = text.indexOf('=');
            if (equals < 0) {
                throw new TypeConversionException("'" + text + "' is not NAME=N or NAME=unlimited");
            }
            return new QuotaLimit(quota(text.substring(0, equals)), LimitConverter.limit(text.substring(equals + 1)));
        }

        private static Quota quota(String name) {
            return Quota.named(name)
                    .orElseThrow(() -> new TypeConversionException(
                            "no quota is called '" + name + "'; there are " + String.join(", ", names())));
        }
    }

    /** What all quotas are called. */
    static List<String> names() {
        return Arrays.stream(Quota.values()).map(Quota::operatorName).toList();
    }
}
