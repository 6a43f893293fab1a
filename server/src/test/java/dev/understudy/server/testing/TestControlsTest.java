package dev.understudy.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.ControlApi;
import dev.understudy.control.api.Ids;
import dev.understudy.control.composition.CompositionPlane;
import dev.understudy.control.composition.CompositionSpec;
import dev.understudy.control.resource.Endpoints;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Home;
import dev.understudy.control.resource.Rules;
import dev.understudy.control.stage.StagePlane;
import dev.understudy.control.store.Pages;
import dev.understudy.control.store.Store;
import dev.understudy.control.token.NodeKey;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TestControlsTest {
    @TempDir
    private Path folder;

    /** A node without media. */
    private static final class NoPlane implements StagePlane, CompositionPlane {
        @Override
        public void disconnect(String stageArn, String participantId) {}

        @Override
        public void close(String stageArn) {}

        @Override
        public void start(CompositionSpec spec) {}

        @Override
        public void bucketNamed(String bucketName) {}

        @Override
        public void stop(String compositionArn) {}
    }

    /** A sink that waits for its next attempt has to look at the clock again. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            clock/advance, {"seconds": 3600}
            reset, {}
            """)
    void whatSetsTheClockWakesTheSinks(String name, String json) throws Exception {
        try (Store store = Store.open(folder.resolve("understudy.db"))) {
            var clock = new TestClock(InstantSource.system());
            ControlApi control = control(store, clock);
            var controls = new TestControls(
                    control, clock, new Faults(), new SimulatedParticipants(new NoPlane()), () -> {}, () -> {});
            long before = control.events().bell().rings();

            controls.perform(name, (ObjectNode) new JsonMapper().readTree(json));

            assertThat(control.events().bell().rings()).isGreaterThan(before);
        }
    }

    private ControlApi control(Store store, InstantSource clock) {
        var base = new Foundation(
                store,
                new Pages(new byte[32]),
                new Home("us-east-1", "123456789012"),
                new Ids(new SecureRandom()),
                clock,
                Endpoints.of(URI.create("http://localhost")),
                Rules.IVS);
        NodeKey key = NodeKey.load(folder.resolve("node.key"), new SecureRandom());
        return new ControlApi(base, key, new NoPlane(), new NoPlane());
    }
}
