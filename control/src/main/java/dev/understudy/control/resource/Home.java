package dev.understudy.control.resource;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Arn;

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

    /** Refuses an ARN that cannot be of ours; whether there is such a resource the store knows. */
    public void check(String arn) {
        checkAccount(arn);
        if (Arn.parse(arn).filter(asked -> asked.region().equals(region)).isEmpty()) {
            throw ApiException.notFound(arn);
        }
    }

    /** Refuses an ARN of another account only. */
    public void checkAccount(String arn) {
        if (Arn.parse(arn).filter(asked -> !asked.account().equals(account)).isPresent()) {
            throw ApiException.accessDenied("Resource: " + arn + " belongs to another account");
        }
    }

    /** The last part of an ARN. */
    public static String id(String arn) {
        return arn.substring(arn.indexOf('/') + 1);
    }
}
