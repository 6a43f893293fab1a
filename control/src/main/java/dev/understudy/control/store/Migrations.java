package dev.understudy.control.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Brings a database to the current schema by numbered scripts, each applied once and in one transaction with the note
 * that it was.
 *
 * @param scripts resource names, the first is version 1; one that has been released is never changed
 */
record Migrations(List<String> scripts) {
    static final List<String> ALL = List.of(
            "0001-resources.sql",
            "0002-participants.sql",
            "0003-ingest.sql",
            "0004-channels.sql",
            "0005-events.sql",
            "0006-stages.sql",
            "0007-indexes.sql",
            "0008-compositions.sql",
            "0009-sink-health.sql");

    Migrations {
        scripts = List.copyOf(scripts);
    }

    void apply(Handle handle) {
        handle.execute(
                "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY, script TEXT NOT NULL)");
        int current = version(handle);
        if (current > scripts.size()) {
            throw new StoreException("the database has schema version " + current + ", this program knows "
                    + scripts.size() + ": a newer version wrote it");
        }
        for (int version = current + 1; version <= scripts.size(); version++) {
            apply(handle, version, scripts.get(version - 1));
        }
    }

    static int version(Handle handle) {
        return handle.createQuery("SELECT COALESCE(MAX(version), 0) FROM schema_version")
                .mapTo(int.class)
                .one();
    }

    private static void apply(Handle handle, int version, String script) {
        handle.useTransaction(transaction -> {
            transaction.createScript(text(script)).executeAsSeparateStatements();
            transaction.execute("INSERT INTO schema_version (version, script) VALUES (?, ?)", version, script);
        });
    }

    private static String text(String script) {
        try (InputStream in = Migrations.class.getResourceAsStream(script)) {
            if (in == null) {
                throw new IllegalStateException("no migration script " + script);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(script, e);
        }
    }
}
