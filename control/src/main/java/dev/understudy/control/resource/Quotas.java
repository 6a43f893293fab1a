package dev.understudy.control.resource;

import dev.understudy.control.api.ApiException;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntSupplier;

/** How many of each kind an account may have. Immutable. */
public final class Quotas {
    /** A limit that nothing reaches. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** What the service grants an account that has asked for nothing. */
    public static final Quotas IVS = new Quotas(new EnumMap<>(Quota.class));

    /** Only those that differ from IVS's. */
    private final Map<Quota, Integer> changed;

    private Quotas(EnumMap<Quota, Integer> changed) {
        this.changed = changed;
    }

    /** The same with one limit changed; {@link #UNLIMITED} lifts it. */
    public Quotas with(Quota quota, int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("negative limit of " + quota.plural() + ": " + limit);
        }
        var others = new EnumMap<Quota, Integer>(Quota.class);
        others.putAll(changed);
        others.put(quota, limit);
        return new Quotas(others);
    }

    /** How many there may be. */
    public int limit(Quota quota) {
        return changed.getOrDefault(quota, quota.ofIvs());
    }

    /** How many a list shows that is not told: all that there may be, but no more than {@code most}. */
    public int defaultPage(Quota quota, int most) {
        return Math.clamp(limit(quota), 1, most);
    }

    /** Refuses one more, with an {@link ApiException} of kind SERVICE_QUOTA_EXCEEDED; counts only where there is a limit. */
    public void check(Quota quota, IntSupplier present) {
        int limit = limit(quota);
        if (limit != UNLIMITED) {
            check(quota.plural(), present.getAsInt(), limit);
        }
    }

    /** Refuses one more than {@code limit} where IVS's quota is fixed; {@code what} is what is counted. */
    public static void check(String what, int present, int limit) {
        if (present >= limit) {
            throw ApiException.quotaExceeded("Quota exceeded: at most " + limit + " " + what);
        }
    }
}
