package dev.understudy.control.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.Control;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keeps {@code docs/api-coverage.md} true: its tables are those that models, handlers and notes give.
 *
 * <p>To write them anew: {@code ./mvnw -pl control -am test -Dtest=ApiCoverageTest
 * -Dsurefire.failIfNoSpecifiedTests=false -DapiCoverage.write=true}
 */
class ApiCoverageTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "api-coverage.md");
    private static final String BEGINNING = "<!-- From here on generated: see ApiCoverageTest -->\n";

    @TempDir
    private Path directory;

    @Test
    void theDocumentSaysWhatBecomesOfEveryOperationAndMember() throws IOException {
        String tables = tables();
        String document = Files.readString(DOCUMENT);
        int beginning = document.indexOf(BEGINNING) + BEGINNING.length();
        if (Boolean.getBoolean("apiCoverage.write")) {
            Files.writeString(DOCUMENT, document.substring(0, beginning) + tables);
        } else {
            assertThat(document.substring(beginning)).isEqualTo(tables);
        }
    }

    @Test
    void everyOperationOfBothModelsIsServed() {
        try (Control control = new Control(directory)) {
            Api api = control.api.register(new Api());

            assertThat(api.requestTypes().keySet()).isEqualTo(Api.operationNames());
        }
    }

    private String tables() throws IOException {
        StringBuilder tables = new StringBuilder();
        try (Control control = new Control(directory)) {
            var requestTypes = control.api.register(new Api()).requestTypes();
            for (ServiceModel service : new ServiceModel[] {ServiceModel.realTime(), ServiceModel.lowLatency()}) {
                var coverage = new ApiCoverage(service, requestTypes, notes());
                tables.append('\n').append(coverage.markdown());
                assertThat(coverage.faults()).as(service.name()).isEmpty();
            }
        }
        return tables.toString();
    }

    private static String notes() throws IOException {
        try (InputStream in = ApiCoverageTest.class.getResourceAsStream("api-coverage-notes.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
