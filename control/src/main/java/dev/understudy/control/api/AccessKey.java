package dev.understudy.control.api;

import java.util.Optional;

/**
 * What a caller signs with.
 *
 * @param id the public half, as in {@code AKIAIOSFODNN7EXAMPLE}
 * @param profile whose key it is, as the operator calls them
 * @param secret the half that is never sent
 * @param sessionToken must come with each call where there is one
 */
public record AccessKey(String id, String profile, String secret, Optional<String> sessionToken) {

    /** Shows neither secret nor token. */
    @Override
    public String toString() {
        return "AccessKey[" + id + "]";
    }
}
