package dev.understudy.control.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** How values that no column type fits are written and read: nested ones as JSON, times as milliseconds. */
public final class Columns {
    private static final JsonMapper JSON = JsonMapper.builder()
            .changeDefaultPropertyInclusion(i -> i.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .build();
    private static final TypeReference<Map<String, String>> STRINGS = new TypeReference<>() {};

    private Columns() {}

    public static String json(Object value) {
        return JSON.writeValueAsString(value);
    }

    public static <T> T value(ResultSet row, String column, Class<T> type) throws SQLException {
        return value(row.getString(column), type);
    }

    public static <T> T value(String json, Class<T> type) {
        return JSON.readValue(json, type);
    }

    /** Empty where the column is NULL. */
    public static <T> Optional<T> optionalValue(ResultSet row, String column, Class<T> type) throws SQLException {
        return optionalString(row, column).map(json -> value(json, type));
    }

    public static Map<String, String> strings(ResultSet row, String column) throws SQLException {
        return JSON.readValue(row.getString(column), STRINGS);
    }

    public static Instant instant(ResultSet row, String column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }

    public static Optional<Instant> optionalInstant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    public static Optional<String> optionalString(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    /** For columns that refer to a row of another table, or to none. */
    public static @Nullable String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }
}
