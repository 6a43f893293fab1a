package dev.understudy.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreparedStatementsTest {
    private final List<PreparedStatement> executed = new ArrayList<>();
    private Handle handle;

    @BeforeEach
    void open() {
        Jdbi jdbi = Jdbi.create("jdbc:sqlite::memory:").setStatementBuilderFactory(_ -> new PreparedStatements());
        jdbi.setSqlLogger(new SqlLogger() {
            @Override
            public void logAfterExecution(StatementContext context) {
                executed.add(context.getStatement());
            }
        });
        handle = jdbi.open();
    }

    @AfterEach
    void close() {
        handle.close();
    }

    private int echo(String select, int value) {
        var query = handle.createQuery(select);
        return (select.contains("?") ? query.bind(0, value) : query.bind("value", value))
                .mapTo(int.class)
                .one();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT ?", "SELECT :value", "SELECT :value + 0 * :value"})
    void aStatementIsPreparedOnceHoweverItsParametersAreWritten(String select) {
        assertThat(echo(select, 1)).isEqualTo(1);
        assertThat(echo(select, 2)).isEqualTo(2);

        assertThat(executed).hasSize(2);
        assertThat(executed.getLast()).isSameAs(executed.getFirst());
    }

    @Test
    void aStatementThatIsInUseIsNotSharedAndOneOfTheTwoIsKept() {
        int nested = handle.createQuery("SELECT :value")
                .bind("value", 1)
                .map((row, _) -> row.getInt(1) + echo("SELECT :value", 10))
                .one();

        assertThat(nested).isEqualTo(11);
        assertThat(executed).doesNotHaveDuplicates();
        echo("SELECT :value", 2);
        assertThat(executed.subList(0, 2)).contains(executed.getLast());
    }
}
