package dev.understudy.control.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * An event as EventBridge hands it on.
 *
 * @param id a UUID
 * @param time to the second, as EventBridge has it
 * @param resources ARNs; events about the first one are delivered in order
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html">Event structure</a>
 */
record Envelope(
        String version,
        String id,
        @JsonProperty("detail-type") String detailType,
        String source,
        String account,
        Instant time,
        String region,
        List<String> resources,
        Detail detail) {

    /** Members in the order in which they are declared: the text that a receiver sees is the one that documents show. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .changeDefaultPropertyInclusion(i -> i.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .build();

    Envelope {
        resources = List.copyOf(resources);
    }

    /** The time as events show it. */
    static Instant shown(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    String json() {
        return JSON.writeValueAsString(this);
    }
}
