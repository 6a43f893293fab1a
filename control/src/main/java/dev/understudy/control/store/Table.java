package dev.understudy.control.store;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * The statements that every kind of resource needs; each has a table with {@code seq}, {@code arn} and {@code tags}.
 *
 * @param name of the table
 * @param select a query for all of it that {@code WHERE} can follow
 * @param mapper reads one row of {@code select}
 */
public record Table<T>(String name, String select, RowMapper<T> mapper) {

    public Table(String name, RowMapper<T> mapper) {
        this(name, "SELECT * FROM " + name, mapper);
    }

    public Optional<T> find(Handle handle, String arn) {
        return handle.createQuery(select + " WHERE arn = ?")
                .bind(0, arn)
                .map(mapper)
                .findOne();
    }

    public boolean has(Handle handle, String arn) {
        return handle.createQuery("SELECT COUNT(*) FROM " + name + " WHERE arn = ?")
                        .bind(0, arn)
                        .mapTo(int.class)
                        .one()
                > 0;
    }

    /** The newest below {@code seq}, newest first. */
    public List<Pages.Row<T>> before(Handle handle, long seq, int limit) {
        return handle.createQuery(select + " WHERE seq < ? ORDER BY seq DESC LIMIT ?")
                .bind(0, seq)
                .bind(1, limit)
                .map(Pages.row(mapper))
                .list();
    }

    public int count(Handle handle) {
        return handle.createQuery("SELECT COUNT(*) FROM " + name)
                .mapTo(int.class)
                .one();
    }

    /** Whether there was one to delete. */
    public boolean delete(Handle handle, String arn) {
        return handle.execute("DELETE FROM " + name + " WHERE arn = ?", arn) == 1;
    }
}
