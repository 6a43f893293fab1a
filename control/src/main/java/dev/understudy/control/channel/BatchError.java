package dev.understudy.control.channel;

import dev.understudy.control.api.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Why one of the resources of a call that asks for many is missing from its answer.
 *
 * @param code the name of the error that a call for this resource alone would get
 */
public record BatchError(String arn, String code, String message) {

    /** What is there, each once and in the order asked for, and an error for each that is not. */
    record Batch<T>(List<T> found, List<BatchError> errors) {
        Batch {
            found = List.copyOf(found);
            errors = List.copyOf(errors);
        }
    }

    /** Looks each ARN up; {@code find} refuses what is not there with an {@link ApiException}. */
    static <T> Batch<T> batch(List<String> arns, Function<String, T> find) {
        List<T> found = new ArrayList<>();
        List<BatchError> errors = new ArrayList<>();
        for (String arn : arns.stream().distinct().toList()) {
            try {
                found.add(find.apply(arn));
            } catch (ApiException refusal) {
                errors.add(new BatchError(arn, refusal.kind().shape(), refusal.text()));
            }
        }
        return new Batch<>(found, errors);
    }
}
