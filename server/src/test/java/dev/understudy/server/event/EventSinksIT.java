package dev.understudy.server.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.control.event.Capacity;
import dev.understudy.control.event.Event;
import dev.understudy.control.event.Outcome;
import dev.understudy.control.event.Sink;
import dev.understudy.control.event.SinkStatus;
import dev.understudy.control.event.WebhookSignature;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Sinks with a store behind them and real servers before them. */
class EventSinksIT {
    private static final String SECRET = "0123456789abcdef";

    @TempDir
    private Path folder;

    private Outboxes outbox;
    private ReceivingServer server;

    @BeforeEach
    void open() throws IOException {
        outbox = new Outboxes(folder);
        server = ReceivingServer.start();
    }

    @AfterEach
    void close() {
        server.close();
        outbox.close();
    }

    private Sink webhook() {
        return new Sink.Webhook("hook", server.url("/in"), SECRET);
    }

    private Sink bus() {
        return new Sink.EventBridge(
                "bus",
                server.url(""),
                "eu-west-1",
                "understudy.test",
                Optional.of("orders"),
                new Sink.Credentials("AKID", "secret", Optional.of("token")));
    }

    private EventSinks start(Sink... sinks) {
        return EventSinks.start(List.of(sinks), outbox.events, InstantSource.system());
    }

    @Test
    void aWebhookGetsTheEnvelopeSigned() throws Exception {
        try (EventSinks sinks = start(webhook())) {
            outbox.happened("arn:a:p");

            ReceivingServer.Got got = server.next();
            assertThat(got.path()).isEqualTo("/in");
            assertThat(got.headers()).containsEntry("Content-type", "application/json");
            assertThat(got.headers().get("Understudy-Event-Id"))
                    .isEqualTo(got.json().get("id").stringValue());
            String signature = got.headers().get("Understudy-Signature");
            Instant at = Instant.ofEpochSecond(Long.parseLong(signature.substring(2, signature.indexOf(','))));
            assertThat(signature).isEqualTo(WebhookSignature.of(SECRET, at, got.body()));
            assertThat(sinks.names()).containsExactly("hook");
        }
    }

    @Test
    void whatFailsIsTriedAgainBeforeWhatFollowsIt() throws Exception {
        server.answer(500, "");
        try (EventSinks sinks = start(webhook())) {
            outbox.happened("A:1", "A:2", "A:3");

            List<String> got = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                got.add(server.next().participant());
            }
            assertThat(got).containsExactly("1", "1", "2", "3");
            assertThat(sinks.statuses().get("hook").failed()).isEqualTo(1);
        }
    }

    @Test
    void aResourceThatIsLeftHangingDelaysNoOther() throws Exception {
        server.answer(0, "");
        try (EventSinks sinks = start(webhook())) {
            outbox.happened("A:1", "A:2");
            assertThat(server.next().participant()).isEqualTo("1");
            outbox.happened("B:3");
            assertThat(server.next().participant()).isEqualTo("3");
            outbox.happened("B:4");
            assertThat(server.next().participant()).isEqualTo("4");

            assertThat(sinks.statuses().get("hook").failed()).isZero();
        }
    }

    @Test
    void signaturesCarryTheRealTimeWhateverTheClockSays() throws Exception {
        InstantSource ahead = () -> Instant.now().plus(Duration.ofHours(1));
        Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try (EventSinks _ = EventSinks.start(List.of(webhook(), bus()), outbox.events, ahead)) {
            outbox.happened("A:1");

            for (ReceivingServer.Got got : List.of(server.next(), server.next())) {
                assertThat(signedAt(got)).isBetween(before, Instant.now());
            }
        }
    }

    private static Instant signedAt(ReceivingServer.Got got) {
        String date = got.headers().get("X-amz-date");
        if (date != null) {
            return Instant.from(
                    DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX").parse(date));
        }
        String signature = got.headers().get("Understudy-Signature");
        return Instant.ofEpochSecond(Long.parseLong(signature.substring(2, signature.indexOf(','))));
    }

    @Test
    void anEntryThatSpoilsAWholeCallDelaysNoOther() throws Exception {
        String taken = "{\"FailedEntryCount\": 0, \"Entries\": [{\"EventId\": \"e\"}]}";
        String spoilt = "{\"__type\": \"ValidationException\"}";
        server.answer(200, taken);
        server.answer(400, spoilt);
        server.answer(400, spoilt);
        server.answer(200, taken);
        try (EventSinks sinks = start(bus())) {
            outbox.happened("arn:a:1");
            assertThat(participants(server.next())).containsExactly("1");
            outbox.happened("arn:b:2", "arn:c:3");

            assertThat(participants(server.next())).containsExactly("2", "3");
            assertThat(participants(server.next())).containsExactly("2");
            assertThat(participants(server.next())).containsExactly("3");
            assertThat(sinks.names()).containsExactly("bus");
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        server.answer(302, "");
        try (EventSinks _ = start(webhook())) {
            outbox.happened("A:1");

            assertThat(List.of(server.next().path(), server.next().path())).containsExactly("/in", "/in");
        }
    }

    @Test
    void whatWasUnderWayIsDeliveredAgainByTheNextRun() throws Exception {
        String id;
        server.answer(200, "");
        server.answer(0, "");
        try (EventSinks _ = start(webhook())) {
            outbox.happened("A:1", "A:2");
            assertThat(server.next().participant()).isEqualTo("1");
            id = server.next().headers().get("Understudy-Event-Id");
        }
        outbox.close();
        outbox = new Outboxes(folder);
        outbox.happened("A:3");

        try (EventSinks _ = start(webhook())) {
            ReceivingServer.Got again = server.next();
            assertThat(again.participant()).isEqualTo("2");
            assertThat(again.headers().get("Understudy-Event-Id")).isEqualTo(id);
            assertThat(server.next().participant()).isEqualTo("3");
        }
    }

    @Test
    void aSinkThatIsDownDelaysNoOther() throws Exception {
        int nobody;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = probe.getLocalPort();
        }
        Sink down = new Sink.Webhook("down", URI.create("http://127.0.0.1:" + nobody + "/"), SECRET);
        try (EventSinks sinks = start(down, webhook())) {
            outbox.happened(
                    IntStream.range(0, 100).mapToObj(i -> i % 10 + ":" + i).toArray(String[]::new));

            List<String> got = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                got.add(server.next().participant());
            }
            assertThat(got).doesNotHaveDuplicates();
            assertThat(sinks.statuses().get("down").delivered()).isZero();
            assertThat(sinks.statuses().get("down").pending()).isEqualTo(100);
        }
    }

    @Test
    void refusesAnAddressOfMetadataAtTheStart() {
        Sink metadata = new Sink.Webhook("m", URI.create("http://169.254.169.254/latest"), SECRET);

        assertThatThrownBy(() -> start(webhook(), metadata))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("sink m: nothing is sent there: 169.254.169.254 is link-local");
    }

    @Test
    void aBusGetsSignedEntriesAndOnlyThoseThatFailedAgain() throws Exception {
        server.answer(200, """
                {"FailedEntryCount": 1, "Entries": [
                    {"ErrorCode": "InternalFailure", "ErrorMessage": "later"}, {"EventId": "e"}]}""");
        server.answer(200, "{\"FailedEntryCount\": 0, \"Entries\": [{\"EventId\": \"e\"}]}");
        server.answer(200, "{\"FailedEntryCount\": 0, \"Entries\": [{\"EventId\": \"e\"}]}");
        try (EventSinks _ = start(bus())) {
            outbox.happened("arn:a:1", "arn:b:2", "arn:a:3");

            ReceivingServer.Got first = server.next();
            assertThat(participants(first)).hasSize(2);
            assertThat(first.headers())
                    .containsEntry("X-amz-target", "AWSEvents.PutEvents")
                    .containsEntry("Content-type", "application/x-amz-json-1.1")
                    .containsEntry("X-amz-security-token", "token");
            assertThat(first.headers().get("Authorization"))
                    .matches("AWS4-HMAC-SHA256 Credential=AKID/[0-9]{8}/eu-west-1/events/aws4_request, SignedHeaders="
                            + "content-type;host;x-amz-date;x-amz-security-token;x-amz-target,"
                            + " Signature=[0-9a-f]{64}");
            JsonNode entry = first.json().at("/Entries/0");
            assertThat(entry.propertyNames())
                    .containsExactlyInAnyOrder("Time", "Source", "DetailType", "Detail", "Resources", "EventBusName");
            assertThat(entry.get("Source").stringValue()).isEqualTo("understudy.test");
            assertThat(entry.get("DetailType").stringValue()).isEqualTo("IVS Stage Update");
            assertThat(entry.get("EventBusName").stringValue()).isEqualTo("orders");
            assertThat(participants(server.next())).containsExactly("1");
            assertThat(participants(server.next())).containsExactly("3");
        }
    }

    private static List<String> participants(ReceivingServer.Got call) {
        return call.json()
                .get("Entries")
                .valueStream()
                .map(e -> e.get("Detail").stringValue().replaceFirst(".*\"participant_id\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    @Test
    void aBusGetsNoMoreThanTenAtATime() throws Exception {
        try (EventSinks _ = start(bus())) {
            outbox.happened(IntStream.range(0, 12).mapToObj(i -> i + ":" + i).toArray(String[]::new));

            // Two calls, which are on their way at the same time.
            assertThat(Stream.of(server.next(), server.next())
                            .map(call -> participants(call).size()))
                    .containsExactlyInAnyOrder(10, 2);
        }
    }

    /** Takes everything; an error comes out of it when it is asked for the second time what it takes. */
    private static final class Faulty implements Receiver {
        private final AtomicInteger asked = new AtomicInteger();
        private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();

        @Override
        public Capacity capacity() {
            if (asked.incrementAndGet() == 2) {
                throw new AssertionError("a defect");
            }
            return new Capacity(2, 1);
        }

        @Override
        public List<Outcome> deliver(List<Event> events) {
            events.forEach(event -> taken.add(event.resource()));
            return Collections.nCopies(events.size(), new Outcome.Delivered());
        }
    }

    @Test
    void goesOnAfterAnError() throws Exception {
        Faulty faulty = new Faulty();
        try (SinkDelivery _ = SinkDelivery.start("sink", outbox.events, faulty, InstantSource.system())) {
            outbox.happened("A:1");

            assertThat(faulty.taken.poll(20, TimeUnit.SECONDS)).isEqualTo("A");
        }
    }

    @Test
    void startsNewSinksAtThePresent() {
        outbox.happened("A:1");
        try (EventSinks sinks = start(webhook())) {
            assertThat(sinks.statuses().get("hook")).isEqualTo(new SinkStatus(0, 0, 0, 0, 0));
        }
    }
}
