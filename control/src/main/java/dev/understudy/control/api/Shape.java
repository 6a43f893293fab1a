package dev.understudy.control.api;

import java.util.List;
import java.util.Optional;

/** One type of the model with its constraints, resolved: a shape holds the shapes that it refers to. Immutable. */
sealed interface Shape {

    /** Where in a request or an answer a member travels. */
    enum Location {
        BODY,
        LABEL,
        QUERY,
        HEADER
    }

    /** A field of a structure; {@code wireName} is the name outside the body. */
    record Member(String name, Shape shape, boolean isRequired, Location location, String wireName) {}

    record Structure(String name, List<Member> members) implements Shape {
        public Structure {
            members = List.copyOf(members);
        }

        boolean hasMembersIn(Location location) {
            return members.stream().anyMatch(member -> member.location() == location);
        }
    }

    record Sequence(String name, Shape element, List<Constraint> constraints) implements Shape {
        public Sequence {
            constraints = List.copyOf(constraints);
        }
    }

    record Mapping(String name, Text key, Shape value, List<Constraint> constraints) implements Shape {
        public Mapping {
            constraints = List.copyOf(constraints);
        }
    }

    /** What a text names beside itself. */
    sealed interface Reference {
        /** A resource by its ARN; {@code type} is {@code ""} where it may be of any, or of another service. */
        record ByArn(String type) implements Reference {}

        /** A bucket by its name. */
        record ByBucketName() implements Reference {}
    }

    /** {@code values} is empty unless the shape is an enumeration. */
    record Text(String name, List<String> values, List<Constraint> constraints, Optional<Reference> reference)
            implements Shape {
        public Text {
            values = List.copyOf(values);
            constraints = List.copyOf(constraints);
        }
    }

    /** An integer of 32 or 64 bits. */
    record Whole(String name, boolean isLong, List<Constraint> constraints) implements Shape {
        public Whole {
            constraints = List.copyOf(constraints);
        }
    }

    record Decimal(String name, List<Constraint> constraints) implements Shape {
        public Decimal {
            constraints = List.copyOf(constraints);
        }
    }

    record Flag(String name) implements Shape {}

    /** ISO 8601 on the wire. */
    record Time(String name) implements Shape {}

    /** The model's own name of the shape. */
    String name();

    /** The model's rules for a value that has the right JSON type; a structure's are those of its members. */
    default List<Constraint> constraints() {
        return List.of();
    }
}
