package dev.understudy.control.channel;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Pages;
import dev.understudy.control.store.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** How channels lie in the database. Every method runs in its caller's transaction. */
final class ChannelRows {
    private static final Table<Row> TABLE = new Table<>("channel", ChannelRows::read);

    /** What a channel refers to; each is {@code ""} where it refers to none. */
    record References(
            String recordingConfigurationArn, String playbackRestrictionPolicyArn, String adConfigurationArn) {}

    /** A channel without what is computed. */
    record Row(
            String arn,
            String name,
            ChannelSettings settings,
            References references,
            String srtPassphrase,
            Map<String, String> tags) {}

    /** Which channels a list shows: those that have this value in this column, or all. */
    record Filter(String column, String value) {
        static final Filter NONE = new Filter("arn", "");

        boolean isNone() {
            return value.isEmpty();
        }
    }

    private ChannelRows() {}

    static int count(Handle handle) {
        return TABLE.count(handle);
    }

    static Row require(Handle handle, String arn) {
        return TABLE.find(handle, arn).orElseThrow(() -> ApiException.notFound(arn));
    }

    static boolean delete(Handle handle, String arn) {
        return TABLE.delete(handle, arn);
    }

    static List<Pages.Row<Row>> before(Handle handle, Filter filter, long seq, int limit) {
        if (filter.isNone()) {
            return TABLE.before(handle, seq, limit);
        }
        return handle.createQuery(
                        "SELECT * FROM channel WHERE seq < ? AND " + filter.column() + " = ? ORDER BY seq DESC LIMIT ?")
                .bind(0, seq)
                .bind(1, filter.value())
                .bind(2, limit)
                .map(Pages.row(ChannelRows::read))
                .list();
    }

    /** Refuses to delete what a channel refers to. */
    static void checkUnused(Handle handle, String column, String arn) {
        if (!before(handle, new Filter(column, arn), Long.MAX_VALUE, 1).isEmpty()) {
            throw ApiException.conflict("Resource: " + arn + " is in use by a channel");
        }
    }

    static void insert(Handle handle, Row row) {
        handle.execute(
                "INSERT INTO channel (arn, name, settings, srt_passphrase, tags) VALUES (?, ?, ?, ?, ?)",
                row.arn(),
                row.name(),
                Columns.json(row.settings()),
                row.srtPassphrase(),
                Columns.json(row.tags()));
        update(handle, row);
    }

    static void update(Handle handle, Row row) {
        handle.execute(
                """
                UPDATE channel SET name = ?, settings = ?, recording_configuration_arn = ?,
                    playback_restriction_policy_arn = ?, ad_configuration_arn = ? WHERE arn = ?""",
                row.name(),
                Columns.json(row.settings()),
                Columns.nullIfEmpty(row.references().recordingConfigurationArn()),
                Columns.nullIfEmpty(row.references().playbackRestrictionPolicyArn()),
                Columns.nullIfEmpty(row.references().adConfigurationArn()),
                row.arn());
    }

    private static Row read(ResultSet row, StatementContext context) throws SQLException {
        return new Row(
                row.getString("arn"),
                row.getString("name"),
                Columns.value(row, "settings", ChannelSettings.class),
                new References(
                        orEmpty(row, "recording_configuration_arn"),
                        orEmpty(row, "playback_restriction_policy_arn"),
                        orEmpty(row, "ad_configuration_arn")),
                row.getString("srt_passphrase"),
                Columns.strings(row, "tags"));
    }

    private static String orEmpty(ResultSet row, String column) throws SQLException {
        Optional<String> value = Columns.optionalString(row, column);
        return value.orElse("");
    }
}
