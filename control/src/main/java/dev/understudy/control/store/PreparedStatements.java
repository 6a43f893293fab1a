package dev.understudy.control.store;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Keeps the statements of one connection prepared, because SQLite parses and plans anew each time otherwise.
 *
 * <p>Confined to the thread that has the connection at the time.
 */
final class PreparedStatements implements StatementBuilder {
    /** All statement texts here are constants, and fewer than this. */
    private static final int MAX_KEPT = 256;

    private final Map<String, PreparedStatement> idle = new HashMap<>();

    /** By what each was prepared from: what {@link #close} is given is the text before its named parameters were replaced. */
    private final IdentityHashMap<Statement, String> inUse = new IdentityHashMap<>();

    @Override
    public Statement create(Connection connection, StatementContext context) throws SQLException {
        return connection.createStatement();
    }

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context) throws SQLException {
        PreparedStatement kept = idle.remove(sql);
        PreparedStatement prepared = kept == null ? connection.prepareStatement(sql) : kept;
        inUse.put(prepared, sql);
        return prepared;
    }

    @Override
    public CallableStatement createCall(Connection connection, String sql, StatementContext context)
            throws SQLException {
        return connection.prepareCall(sql);
    }

    @Override
    public void close(Connection connection, String sql, Statement statement) throws SQLException {
        String preparedFrom = inUse.remove(statement);
        if (preparedFrom != null && statement instanceof PreparedStatement prepared && idle.size() < MAX_KEPT) {
            prepared.clearParameters();
            PreparedStatement twin = idle.put(preparedFrom, prepared);
            if (twin != null) {
                twin.close();
            }
        } else {
            statement.close();
        }
    }

    /** The connection is about to close, and its statements with it. */
    @Override
    public void close(Connection connection) {
        idle.clear();
        inUse.clear();
    }
}
