package dev.understudy.control.composition;

/**
 * The media side of compositions, as the control side commands it. Thread-safe; all return at once and throw nothing.
 *
 * <p>It reports back through {@link CompositionReports#firstFrame}, {@link CompositionReports#drained} and
 * {@link CompositionReports#broke}, also when it cannot do as told.
 */
public interface CompositionPlane {

    /** Renders what {@code spec} says until {@link #stop}. One that runs already is left alone. */
    void start(CompositionSpec spec);

    /** A storage configuration names this bucket; where buckets are the media side's own, it is made now. */
    void bucketNamed(String bucketName);

    /** Ends a composition gracefully: what has been rendered is finished and published. Unknown ones are no matter. */
    void stop(String compositionArn);
}
