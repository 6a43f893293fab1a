package dev.understudy.control.api;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of one resource of the service, {@code arn:aws:ivs:{region}:{account}:{type}/{id}}.
 *
 * @param region as in {@code us-east-1}
 * @param account digits, twelve of them in AWS
 * @param type as in {@code stage} or {@code encoder-configuration}
 * @param id letters, digits and hyphens
 */
public record Arn(String region, String account, String type, String id) {
    private static final Pattern FORM = Pattern.compile("arn:aws:ivs:([a-z0-9-]+):([0-9]+):([a-z-]+)/([a-zA-Z0-9-]+)");

    public Arn {
        String text = text(region, account, type, id);
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("no ARN of this service: " + text);
        }
    }

    /** Reads an ARN of any resource type of this service; empty when the text is none. */
    public static Optional<Arn> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new Arn(form.group(1), form.group(2), form.group(3), form.group(4)))
                : Optional.empty();
    }

    private static String text(String region, String account, String type, String id) {
        return "arn:aws:ivs:" + region + ":" + account + ":" + type + "/" + id;
    }

    /** The ARN as the API shows it. */
    @Override
    public String toString() {
        return text(region, account, type, id);
    }
}
