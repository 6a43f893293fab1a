package dev.understudy.control;

import dev.understudy.control.api.Api;
import dev.understudy.control.api.Calls;
import dev.understudy.control.api.Dispatcher;
import dev.understudy.control.api.Ids;
import dev.understudy.control.api.Request;
import dev.understudy.control.api.Response;
import dev.understudy.control.composition.CompositionPlane;
import dev.understudy.control.composition.CompositionSpec;
import dev.understudy.control.resource.Endpoints;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Home;
import dev.understudy.control.resource.Quotas;
import dev.understudy.control.resource.Rules;
import dev.understudy.control.stage.StagePlane;
import dev.understudy.control.store.Pages;
import dev.understudy.control.store.Store;
import dev.understudy.control.token.NodeKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The control side as a client sees it: JSON in, JSON out, with a database on disk, a clock that a test sets, ids that
 * can be foretold (all A, all B, …), and planes that write down what they are told.
 */
public final class Control implements AutoCloseable {
    public static final Home HOME = new Home(Calls.REGION, "123456789012");
    private static final JsonMapper JSON = new JsonMapper();

    public final List<String> planes = new CopyOnWriteArrayList<>();
    public final List<CompositionSpec> specs = new CopyOnWriteArrayList<>();
    public final ControlApi api;
    public final Foundation base;
    private final Dispatcher dispatcher;
    private Instant now = Calls.CLOCK.instant();

    public Control(Path directory) {
        this(directory, Rules.IVS);
    }

    public Control(Path directory, Quotas quotas) {
        this(directory, Rules.IVS.with(quotas));
    }

    public Control(Path directory, Rules rules) {
        NodeKey key = NodeKey.load(directory.resolve("node.key"), new SecureRandom());
        Store store = Store.open(directory.resolve("understudy.db"));
        this.base = new Foundation(
                store,
                new Pages(key.derive("page token")),
                HOME,
                new Ids(new OneLetterAnId()),
                () -> now,
                Endpoints.of(URI.create("https://example.org:8443/")),
                rules);
        this.api = new ControlApi(base, key, new NotingStages(), new NotingCompositions());
        this.dispatcher = Calls.dispatcher(api.register(new Api()));
    }

    /** {@code 200} with the JSON, or another status with the error's name and message; one line. */
    public String call(String operation, String json) {
        return text(dispatcher.handle(Calls.post("/" + operation, json.replace('\'', '"'))));
    }

    public String call(String method, String path, String query, String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return text(dispatcher.handle(Calls.signed(method, path, query, body)));
    }

    /** The status alone, of a call that may answer without a body. */
    public String status(String operation, String json) {
        return Integer.toString(dispatcher
                .handle(Calls.post("/" + operation, json.replace('\'', '"')))
                .status());
    }

    /** The JSON of a call that must succeed. */
    public JsonNode ask(String operation, String json) {
        Response response = answer(Calls.post("/" + operation, json.replace('\'', '"')));
        return JSON.readTree(response.body());
    }

    public static JsonNode json(String singleQuoted) {
        return JSON.readTree(singleQuoted.replace('\'', '"'));
    }

    public Instant now() {
        return now;
    }

    public Instant pass(Duration duration) {
        now = now.plus(duration);
        return now;
    }

    @Override
    public void close() {
        base.store().close();
    }

    private Response answer(Request request) {
        Response response = dispatcher.handle(request);
        if (response.status() != 200) {
            throw new AssertionError(text(response));
        }
        return response;
    }

    private static String text(Response response) {
        JsonNode body = JSON.readTree(response.body());
        return response.status() == 200
                ? "200 " + body
                : response.status() + " " + response.headers().get("x-amzn-errortype") + ": "
                        + body.get("exceptionMessage").stringValue();
    }

    private final class NotingStages implements StagePlane {
        @Override
        public void disconnect(String stageArn, String participantId) {
            planes.add("disconnect " + stageArn + " " + participantId);
        }

        @Override
        public void close(String stageArn) {
            planes.add("close " + stageArn);
        }
    }

    private final class NotingCompositions implements CompositionPlane {
        @Override
        public void bucketNamed(String bucketName) {}

        @Override
        public void start(CompositionSpec spec) {
            planes.add("start " + spec.arn());
            specs.add(spec);
        }

        @Override
        public void stop(String compositionArn) {
            planes.add("stop " + compositionArn);
        }
    }

    private static final class OneLetterAnId implements RandomGenerator {
        private final AtomicInteger drawn = new AtomicInteger();

        @Override
        public int nextInt(int bound) {
            return drawn.getAndIncrement() / Ids.LENGTH % bound;
        }

        @Override
        public long nextLong() {
            return drawn.getAndIncrement();
        }
    }
}
