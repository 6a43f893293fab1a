package dev.understudy.control.api;

/** A resource that a request is about, as rights are given to it. */
public sealed interface NamedResource {

    /**
     * One that the request names.
     *
     * @param isUsed whether the request makes another resource refer to it, rather than being about it
     */
    record Named(String arn, boolean isUsed) implements NamedResource {}

    /** A bucket that the request names. */
    record Bucket(String name) implements NamedResource {}

    /**
     * Whichever of a type: what a creation makes and what a list shows have no ARN yet.
     *
     * @param type as in {@code stage}
     */
    record AnyOf(String type) implements NamedResource {}
}
