package dev.understudy.control.store;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The tables of the database, whatever migrations have made of it. */
final class Tables {
    /** A table whose rows refer to rows of another. */
    private record Reference(String from, String to) {}

    private Tables() {}

    /** All tables with what calls have made, each before those that it refers to: in this order they can be emptied. */
    static List<String> referringFirst(Handle handle) {
        List<String> left = handle.createQuery(
                        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
                                + " AND name NOT IN ('schema_version', 'home')")
                .mapTo(String.class)
                .collectIntoList();
        List<Reference> references = references(handle, left);
        List<String> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            List<String> free = left.stream()
                    .filter(table -> references.stream()
                            .noneMatch(r -> r.to().equals(table) && !r.from().equals(table) && left.contains(r.from())))
                    .toList();
            if (free.isEmpty()) {
                throw new IllegalStateException("tables refer to each other in a circle: " + left);
            }
            ordered.addAll(free);
            left.removeAll(free);
        }
        return ordered;
    }

    private static List<Reference> references(Handle handle, List<String> tables) {
        return tables.stream()
                .flatMap(from -> handle
                        .createQuery("SELECT \"table\" FROM pragma_foreign_key_list(?)")
                        .bind(0, from)
                        .mapTo(String.class)
                        .list()
                        .stream()
                        .map(to -> new Reference(from, to)))
                .toList();
    }
}
