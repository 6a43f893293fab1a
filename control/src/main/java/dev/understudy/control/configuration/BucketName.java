package dev.understudy.control.configuration;

import dev.understudy.control.api.ApiException;
import java.util.regex.Pattern;

/** S3's rules for the name of a bucket, beyond the letters and the length that the model checks. */
public final class BucketName {
    private static final Pattern LABELS =
            Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
    private static final Pattern IP_ADDRESS = Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+");

    private BucketName() {}

    /** Refuses a name that S3 refuses; {@code member} is where the request has it. */
    public static void check(String member, String name) {
        if (!LABELS.matcher(name).matches()) {
            throw ApiException.invalid(
                    member, "must consist of dot-separated labels that begin and end with a letter or digit");
        }
        if (IP_ADDRESS.matcher(name).matches()) {
            throw ApiException.invalid(member, "must not be formatted as an IP address");
        }
    }
}
