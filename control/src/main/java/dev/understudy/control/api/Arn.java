package dev.understudy.control.api;

import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * The name of one resource of the service, {@code arn:aws:ivs:{region}:{account}:{type}/{id}}.
 *
 * @param region as in {@code us-east-1}
 * @param account digits, twelve of them in AWS
 * @param type as in {@code stage} or {@code encoder-configuration}
 * @param id letters, digits and hyphens
 */
public record Arn(String region, String account, String type, String id) {
    private static final String PREFIX = "arn:aws:ivs:";

    public Arn {
        if (!areParts(region, account, type, id)) {
            throw new IllegalArgumentException("no ARN of this service: " + text(region, account, type, id));
        }
    }

    /** Reads an ARN of any resource type of this service; empty when the text is none. */
    public static Optional<Arn> parse(String text) {
        // By hand, because every call reads some: a regular expression takes as long as the database.
        int account = text.startsWith(PREFIX) ? text.indexOf(':', PREFIX.length()) + 1 : 0;
        int type = account > 0 ? text.indexOf(':', account) + 1 : 0;
        int id = type > 0 ? text.indexOf('/', type) + 1 : 0;
        if (id == 0) {
            return Optional.empty();
        }
        String ofRegion = text.substring(PREFIX.length(), account - 1);
        String ofAccount = text.substring(account, type - 1);
        String ofType = text.substring(type, id - 1);
        String ofId = text.substring(id);
        return areParts(ofRegion, ofAccount, ofType, ofId)
                ? Optional.of(new Arn(ofRegion, ofAccount, ofType, ofId))
                : Optional.empty();
    }

    private static boolean areParts(String region, String account, String type, String id) {
        return consistsOf(region, c -> isLower(c) || isDigit(c) || c == '-')
                && consistsOf(account, Arn::isDigit)
                && consistsOf(type, c -> isLower(c) || c == '-')
                && consistsOf(id, c -> isLower(c) || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '-');
    }

    private static boolean consistsOf(String part, IntPredicate allowed) {
        for (int i = 0; i < part.length(); i++) {
            if (!allowed.test(part.charAt(i))) {
                return false;
            }
        }
        return !part.isEmpty();
    }

    private static boolean isLower(int c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
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
