package dev.understudy.bench;

import dev.understudy.control.ControlApi;
import dev.understudy.control.api.Api;
import dev.understudy.control.api.Dispatcher;
import dev.understudy.control.api.Ids;
import dev.understudy.control.api.Response;
import dev.understudy.control.composition.CompositionPlane;
import dev.understudy.control.composition.CompositionSpec;
import dev.understudy.control.resource.Endpoints;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Home;
import dev.understudy.control.resource.Quota;
import dev.understudy.control.resource.Quotas;
import dev.understudy.control.resource.Rules;
import dev.understudy.control.stage.ClientDescription;
import dev.understudy.control.stage.Participants;
import dev.understudy.control.stage.StagePlane;
import dev.understudy.control.store.Pages;
import dev.understudy.control.store.Store;
import dev.understudy.control.token.NodeKey;
import dev.understudy.control.token.ParticipantClaims;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether lists and the start stay fast when there is much: 10,000 stages beside ten, and a session of 100,000
 * participants page by page.
 *
 * <p>Budgets: a page costs the same wherever it is in the list; with 10,000 stages every list call and the opening of the
 * store take as long as with ten. The two stores lie side by side and are asked in turn, through the dispatcher, without
 * HTTP.
 *
 * <pre>{@code
 * java --enable-native-access=ALL-UNNAMED \
 *     -cp 'bench/target/classes:server/target/classes:server/target/lib/*' dev.understudy.bench.ListCost
 * }</pre>
 */
public final class ListCost {
    private static final int FEW = 10;
    private static final int MANY_STAGES = 10_000;
    private static final int MANY_PARTICIPANTS = 100_000;
    private static final int PAGE = 100;
    private static final int REPEATS = 300;
    private static final JsonMapper JSON = new JsonMapper();

    /** A control side with a database in a folder of its own. */
    private static final class Side implements AutoCloseable {
        final Path folder = temporary();
        final Store store = Store.open(folder.resolve("understudy.db"));
        final Dispatcher dispatcher;
        final Participants participants;
        private String firstStage = "";
        private String session = "";

        Side() {
            NodeKey key = NodeKey.load(folder.resolve("node.key"), new SecureRandom());
            Quotas quotas = Quotas.IVS.with(Quota.STAGES, Quotas.UNLIMITED);
            var base = new Foundation(
                    store,
                    new Pages(key.derive("page token")),
                    new Home(SignedRequest.REGION, "123456789012"),
                    new Ids(new SecureRandom()),
                    SignedRequest.CLOCK,
                    Endpoints.of(URI.create("https://example.org")),
                    Rules.IVS.with(quotas));
            var control = new ControlApi(base, key, new NoStages(), new NoCompositions());
            this.participants = control.participants();
            this.dispatcher = new Dispatcher(
                    control.register(new Api()),
                    SignedRequest.verifier(),
                    Dispatcher.Gates.OPEN,
                    SignedRequest.CLOCK,
                    () -> "request");
        }

        private static Path temporary() {
            try {
                return Files.createTempDirectory("understudy-bench-");
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        /** Fills the store; the first stage has a session with {@code participants}. */
        Side with(int stages, int participants) throws InterruptedException, ExecutionException {
            firstStage = ask("CreateStage", "{}").at("/stage/arn").stringValue();
            atOnce(stages - 1, _ -> ask("CreateStage", "{\"name\":\"stage\"}"));
            atOnce(participants, this::join);
            session = ask("GetStage", "{\"arn\":\"" + firstStage + "\"}")
                    .at("/stage/activeSessionId")
                    .stringValue();
            return this;
        }

        private void join(int number) {
            var claims = new ParticipantClaims(
                    "participant-" + number,
                    firstStage,
                    "user-" + number,
                    Map.of("role", "guest"),
                    true,
                    true,
                    SignedRequest.CLOCK.instant(),
                    SignedRequest.CLOCK.instant().plus(Duration.ofHours(12)),
                    "https://example.org/whip",
                    "wss://example.org/events",
                    "");
            participants.join(claims, ClientDescription.UNKNOWN, "WHIP", SignedRequest.CLOCK.instant());
        }

        String ofSession(String more) {
            return "{\"stageArn\":\"" + firstStage + "\",\"sessionId\":\"" + session + "\"" + more + "}";
        }

        JsonNode ask(String operation, String json) {
            Response response = dispatcher.handle(SignedRequest.of("/" + operation, json));
            if (response.status() != 200) {
                throw new IllegalStateException(operation + ": " + response.text());
            }
            return JSON.readTree(response.body());
        }

        /** The median time of a call, of which only the call itself counts. */
        double micros(String operation, String json) {
            var request = SignedRequest.of("/" + operation, json);
            double[] times = new double[REPEATS];
            for (int i = 0; i < REPEATS; i++) {
                long begun = System.nanoTime();
                dispatcher.handle(request);
                times[i] = (System.nanoTime() - begun) / 1e3;
            }
            return median(times);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private ListCost() {}

    /** Prints tables in Markdown. */
    public static void main(String[] arguments) throws Exception {
        System.out.println(Machine.describe() + "\n");
        try (Side few = new Side().with(FEW, FEW);
                Side many = new Side().with(MANY_STAGES, MANY_PARTICIPANTS)) {
            pages(many);
            lists(few, many);
            starts(few, many);
        }
    }

    /** Walks the whole list thrice; the last time counts. */
    private static void pages(Side many) {
        walk(many);
        walk(many);
        List<Double> times = walk(many);
        int tenth = times.size() / 10;
        double first = median(times.subList(0, tenth));
        double last = median(times.subList(times.size() - tenth, times.size()));
        System.out.printf(
                Locale.ROOT,
                "ListParticipants, %d pages of %d: the first tenth %.0f µs a page, the last %.0f µs, ratio %.2f%n%n",
                times.size(),
                PAGE,
                first,
                last,
                last / first);
    }

    private static List<Double> walk(Side side) {
        List<Double> times = new ArrayList<>();
        String token = "";
        do {
            String next = token.isEmpty() ? "" : ",\"nextToken\":\"" + token + "\"";
            var request = SignedRequest.of("/ListParticipants", side.ofSession(",\"maxResults\":" + PAGE + next));
            long begun = System.nanoTime();
            Response response = side.dispatcher.handle(request);
            times.add((System.nanoTime() - begun) / 1e3);
            token = JSON.readTree(response.body()).path("nextToken").asString("");
        } while (!token.isEmpty());
        return times;
    }

    private static void lists(Side few, Side many) {
        System.out.println("| List of ten at most | with ten | with many | ratio |");
        System.out.println("|---|---|---|---|");
        String ten = "{\"maxResults\":10}";
        for (String operation : List.of(
                "ListStages",
                "ListCompositions",
                "ListEncoderConfigurations",
                "ListStorageConfigurations",
                "ListIngestConfigurations",
                "ListPublicKeys",
                "ListChannels")) {
            row(operation, few, ten, many, ten, operation);
        }
        for (String filter : List.of(
                "",
                ",\"filterByUserId\":\"user-5\"",
                ",\"filterByPublished\":false",
                ",\"filterByPublished\":true",
                ",\"filterByState\":\"CONNECTED\"",
                ",\"filterByState\":\"DISCONNECTED\"")) {
            String more = ",\"maxResults\":10" + filter;
            row("ListParticipants", few, few.ofSession(more), many, many.ofSession(more), "ListParticipants " + filter);
        }
        String one = ",\"participantId\":\"participant-5\"";
        row("ListParticipantEvents", few, few.ofSession(one), many, many.ofSession(one), "ListParticipantEvents");
        row("GetParticipant", few, few.ofSession(one), many, many.ofSession(one), "GetParticipant");
    }

    private static void row(String operation, Side few, String fewAsked, Side many, String manyAsked, String name) {
        few.micros(operation, fewAsked);
        many.micros(operation, manyAsked);
        double little = few.micros(operation, fewAsked);
        double much = many.micros(operation, manyAsked);
        System.out.printf(Locale.ROOT, "| %s | %.0f µs | %.0f µs | %.2f |%n", name, little, much, much / little);
    }

    /** Opens the two databases again and again, in turn. */
    private static void starts(Side few, Side many) {
        few.close();
        many.close();
        double[] little = new double[21];
        double[] much = new double[21];
        for (int i = 0; i < little.length; i++) {
            little[i] = open(few);
            much[i] = open(many);
        }
        System.out.printf(
                Locale.ROOT,
                "%nOpening the store and its first list: %.1f ms with ten stages, %.1f ms with many%n",
                median(little),
                median(much));
    }

    private static double open(Side side) {
        long begun = System.nanoTime();
        try (Store store = Store.open(side.folder.resolve("understudy.db"))) {
            store.read(h -> h.createQuery("SELECT arn FROM stage ORDER BY seq DESC LIMIT 50")
                    .mapTo(String.class)
                    .list());
            return (System.nanoTime() - begun) / 1e6;
        }
    }

    private static void atOnce(int times, IntConsumer work) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(64)) {
            List<Future<?>> begun = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                int number = i;
                begun.add(threads.submit(() -> work.accept(number)));
            }
            for (Future<?> one : begun) {
                one.get();
            }
        }
    }

    private static double median(List<Double> values) {
        return median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static final class NoStages implements StagePlane {
        @Override
        public void disconnect(String stageArn, String participantId) {}

        @Override
        public void close(String stageArn) {}
    }

    private static final class NoCompositions implements CompositionPlane {
        @Override
        public void start(CompositionSpec spec) {}

        @Override
        public void bucketNamed(String bucketName) {}

        @Override
        public void stop(String compositionArn) {}
    }
}
