package dev.understudy.control.tag;

import dev.understudy.control.api.ApiException;
import java.util.Collection;
import java.util.Locale;

/** What the model does not say about tags. */
public final class TagRules {
    /** Counted over all calls; the model's own limit of 50 counts within one. */
    static final int MAX_TAGS = 50;

    private TagRules() {}

    /** Refuses tags whose keys AWS keeps for itself. */
    public static void check(Collection<String> keys) {
        check("tags", keys);
    }

    /** Refuses keys that AWS keeps for itself; {@code member} is where the request has them. */
    static void check(String member, Collection<String> keys) {
        for (String key : keys) {
            if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw ApiException.invalid(member, "must not have a key that begins with aws:");
            }
        }
    }
}
