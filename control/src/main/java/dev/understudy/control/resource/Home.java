package dev.understudy.control.resource;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Arn;
import dev.understudy.control.store.Store;
import dev.understudy.control.store.StoreException;
import java.util.Optional;

/**
 * The account and the region that this node stands in for.
 *
 * @param region as in {@code us-east-1}
 * @param account twelve digits
 */
public record Home(String region, String account) {

    /** The ARN of a resource of ours. */
    public String arn(String type, String id) {
        return new Arn(region, account, type, id).toString();
    }

    /**
     * Makes a store this home's, for good: what another home has put into it could be listed but never asked for.
     *
     * @throws StoreException when it is another's
     */
    public void claim(Store store) {
        String ours = arnPrefix();
        String owner = store.write(h -> {
            h.execute("INSERT INTO home (arn_prefix) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM home)", ours);
            return h.createQuery("SELECT arn_prefix FROM home")
                    .mapTo(String.class)
                    .one();
        });
        if (!owner.equals(ours)) {
            String[] parts = owner.split(":", -1);
            throw new StoreException("the data folder belongs to region " + parts[3] + " and account " + parts[4]
                    + ", not to region " + region + " and account " + account
                    + ": start with those, or with another folder");
        }
    }

    private String arnPrefix() {
        return "arn:aws:ivs:" + region + ":" + account + ":";
    }

    /** Refuses an ARN that cannot be of ours; whether there is such a resource the store knows. */
    public void check(String arn) {
        Optional<Arn> asked = Arn.parse(arn);
        checkAccount(asked, arn);
        if (asked.filter(a -> a.region().equals(region)).isEmpty()) {
            throw ApiException.notFound(arn);
        }
    }

    /** Refuses an ARN of another account only. */
    public void checkAccount(String arn) {
        checkAccount(Arn.parse(arn), arn);
    }

    private void checkAccount(Optional<Arn> asked, String arn) {
        if (asked.filter(a -> !a.account().equals(account)).isPresent()) {
            throw ApiException.accessDenied("Resource: " + arn + " belongs to another account");
        }
    }

    /** The last part of an ARN. */
    public static String id(String arn) {
        return arn.substring(arn.indexOf('/') + 1);
    }
}
