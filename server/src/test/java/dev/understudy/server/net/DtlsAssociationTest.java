package dev.understudy.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.dtls.DatagramKind;
import dev.understudy.protocol.dtls.Fingerprint;
import dev.understudy.protocol.dtls.SrtpKeyingMaterial;
import dev.understudy.protocol.srtp.SrtpProfile;
import dev.understudy.protocol.srtp.SrtpReceiver;
import dev.understudy.protocol.srtp.SrtpSender;
import java.nio.ByteBuffer;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both sides in one JVM, over a network of two method calls. */
@Timeout(60)
class DtlsAssociationTest {
    private static final DtlsCertificate ALICE = DtlsCertificate.selfSigned(Instant.EPOCH);
    private static final DtlsCertificate BOB = DtlsCertificate.selfSigned(Instant.EPOCH);

    /** Resends soon, so that lost datagrams cost a test little time. */
    private static final DtlsPeer.Patience SHORT = new DtlsPeer.Patience(Duration.ofSeconds(30), Duration.ofMillis(20));

    @ParameterizedTest
    @EnumSource(SrtpProfile.class)
    void givesBothSidesTheSameKeys(SrtpProfile profile) {
        var server = new Side();
        var client = new Side();
        connect(
                server,
                client,
                terms(ALICE, BOB),
                new DtlsPeer.Terms(BOB, ALICE.fingerprint(), List.of(profile), SHORT));

        Connected atServer = server.next(Connected.class);
        Connected atClient = client.next(Connected.class);

        assertThat(atServer.profile()).isEqualTo(profile);
        assertThat(atClient.profile()).isEqualTo(profile);
        ByteBuffer packet = ByteBuffer.allocate(100);
        packet.putLong(0x8060000100000001L).putInt(7).position(40).flip();
        ByteBuffer plain = ByteBuffer.allocate(40).put(packet.duplicate()).flip();
        new SrtpSender(profile, atClient.keys().client()).protectRtp(packet);
        assertThat(new SrtpReceiver(profile, atServer.keys().client()).unprotectRtp(packet))
                .isTrue();
        assertThat(packet).isEqualTo(plain);
        assertThat(atServer.keys().server().masterKey())
                .isEqualTo(atClient.keys().server().masterKey())
                .isNotEqualTo(atClient.keys().client().masterKey());
    }

    @Test
    void prefersGcm() {
        var server = new Side();
        var client = new Side();
        var likesTheOther = List.of(SrtpProfile.AES128_CM_HMAC_SHA1_80, SrtpProfile.AEAD_AES_128_GCM);
        connect(server, client, terms(ALICE, BOB), new DtlsPeer.Terms(BOB, ALICE.fingerprint(), likesTheOther, SHORT));

        assertThat(server.next(Connected.class).profile()).isEqualTo(SrtpProfile.AEAD_AES_128_GCM);
    }

    @Test
    void failsWithoutACommonProfile() {
        var server = new Side();
        var client = new Side();
        connect(
                server,
                client,
                new DtlsPeer.Terms(ALICE, BOB.fingerprint(), List.of(SrtpProfile.AEAD_AES_128_GCM), SHORT),
                new DtlsPeer.Terms(BOB, ALICE.fingerprint(), List.of(SrtpProfile.AES128_CM_HMAC_SHA1_80), SHORT));

        assertThat(server.next(Failed.class).reason()).contains("no SRTP profile in common");
        assertThat(client.next(Failed.class).reason()).isEqualTo("peer sent handshake_failure");
    }

    /** The fault of ex_webrtc's GHSA-qwfw-ggxw-577c: the fingerprint counts in the active role too. */
    @Test
    void clientRefusesAnotherCertificateThanTheSdpAnnounced() {
        var server = new Side();
        var client = new Side();
        connect(server, client, terms(ALICE, BOB), terms(BOB, BOB));

        assertThat(client.next(Failed.class).reason()).contains("does not have the fingerprint");
        assertThat(server.next(Failed.class).reason()).isEqualTo("peer sent bad_certificate");
    }

    @Test
    void serverRefusesAnotherCertificateThanTheSdpAnnounced() {
        var server = new Side();
        var client = new Side();
        connect(server, client, terms(ALICE, ALICE), terms(BOB, ALICE));

        assertThat(server.next(Failed.class).reason()).contains("does not have the fingerprint");
        assertThat(client.next(Failed.class).reason()).isEqualTo("peer sent bad_certificate");
    }

    /** The fault of Pion's CVE-2022-29222: a copied certificate is worth nothing without its key. */
    @Test
    void serverRefusesACertificateWhoseKeyTheClientDoesNotHold() throws Exception {
        var server = new Side();
        var client = new Side();
        connect(server, client, terms(ALICE, BOB), terms(copied(BOB), ALICE));

        assertThat(server.next(Failed.class).reason()).contains("decrypt_error");
        assertThat(client.next(Failed.class).reason()).isEqualTo("peer sent decrypt_error");
    }

    @Test
    void clientRefusesACertificateWhoseKeyTheServerDoesNotHold() throws Exception {
        var server = new Side();
        var client = new Side();
        connect(server, client, terms(copied(ALICE), BOB), terms(BOB, ALICE));

        assertThat(client.next(Failed.class).reason()).contains("decrypt_error");
        assertThat(server.next(Failed.class).reason()).isEqualTo("peer sent decrypt_error");
    }

    /** What a thief has: the certificate, and some other key. */
    private static DtlsCertificate copied(DtlsCertificate certificate) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        byte[] der = certificate
                .credentials(DtlsPeer.CRYPTO, new TlsCryptoParameters(null))
                .getCertificate()
                .getCertificateAt(0)
                .getEncoded();
        return new DtlsCertificate(generator.generateKeyPair().getPrivate(), der);
    }

    /** Datagrams count from 0: the client's are its hello and its key exchange, the server's its hello and its Finished. */
    @ParameterizedTest
    @CsvSource({"client, 0", "client, 1", "server, 0", "server, 1"})
    void survivesTheLossOfAnyFlight(String side, int lost) {
        var server = new Side();
        var client = new Side();
        (side.equals("server") ? server : client).loses = datagram -> datagram == lost;
        connect(server, client, terms(ALICE, BOB), terms(BOB, ALICE));

        server.next(Connected.class);
        client.next(Connected.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void survivesALossyNetwork(long seed) {
        var server = new Side();
        var client = new Side();
        var random = new SplittableRandom(seed);
        var other = random.split();
        server.loses = _ -> random.nextInt(3) == 0;
        client.loses = _ -> other.nextInt(3) == 0;
        connect(server, client, terms(ALICE, BOB), terms(BOB, ALICE));

        server.next(Connected.class);
        client.next(Connected.class);
    }

    @Test
    void sendsEachFlightInOneDatagramThatFitsEveryPath() {
        var server = new Side();
        var client = new Side();
        var neverResends = new DtlsPeer.Patience(Duration.ofMinutes(1), Duration.ofMinutes(1));
        connect(
                server,
                client,
                new DtlsPeer.Terms(ALICE, BOB.fingerprint(), DtlsPeer.PROFILES, neverResends),
                new DtlsPeer.Terms(BOB, ALICE.fingerprint(), DtlsPeer.PROFILES, neverResends));
        server.next(Connected.class);
        client.next(Connected.class);

        assertThat(server.sent).hasSize(2).allSatisfy(DtlsAssociationTest::fits);
        assertThat(client.sent).hasSize(2).allSatisfy(DtlsAssociationTest::fits);
    }

    private static void fits(ByteBuffer datagram) {
        assertThat(datagram.remaining()).isLessThanOrEqualTo(1_200);
        assertThat(DatagramKind.of(datagram)).isEqualTo(DatagramKind.DTLS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void ignoresGarbage(long seed) {
        var random = new SplittableRandom(seed);
        var server = new Side();
        var client = new Side();
        link(server, client, terms(ALICE, BOB), terms(BOB, ALICE));
        for (int i = 0; i < 30; i++) {
            byte[] garbage = new byte[random.nextInt(0, 3_000)];
            random.nextBytes(garbage);
            if (garbage.length > 0) {
                garbage[0] = (byte) random.nextInt(20, 64);
            }
            server.association().received(ByteBuffer.wrap(garbage));
            client.association().received(ByteBuffer.wrap(garbage));
        }
        server.association().start();
        client.association().start();

        server.next(Connected.class);
        client.next(Connected.class);
    }

    @Test
    void ignoresGarbageOnceConnected() {
        var server = new Side();
        var client = new Side();
        connect(server, client, terms(ALICE, BOB), terms(BOB, ALICE));
        server.next(Connected.class);
        client.next(Connected.class);
        byte[] alertInTheClear = {21, (byte) 0xfe, (byte) 0xfd, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 2, 40};

        server.association().received(ByteBuffer.wrap(alertInTheClear));
        server.association().received(ByteBuffer.wrap(new byte[500]));
        client.association().close();

        client.next(Closed.class);
        server.next(Closed.class);
    }

    @Test
    void saysGoodbyeBothWays() {
        var server = new Side();
        var client = new Side();
        connect(server, client, terms(ALICE, BOB), terms(BOB, ALICE));
        server.next(Connected.class);
        client.next(Connected.class);

        server.association().close();

        server.next(Closed.class);
        client.next(Closed.class);
    }

    @Test
    void canBeClosedWhileNobodyAnswers() {
        var client = new Side();
        client.association = new DtlsAssociation(new DtlsClient(terms(BOB, ALICE)), _ -> {}, client);
        client.association().start();

        client.association().close();

        client.next(Closed.class);
    }

    @Test
    void canBeClosedBeforeItsPeerHasSaidAnything() {
        var server = new Side();
        server.association = new DtlsAssociation(new DtlsServer(terms(ALICE, BOB)), server.sent::add, server);
        server.association().start();

        server.association().close();

        server.next(Closed.class);
        assertThat(server.sent).isEmpty();
    }

    @Test
    void endsWhenTimeIsUp() {
        var client = new Side();
        var patience = new DtlsPeer.Patience(Duration.ofMillis(60), Duration.ofMillis(20));
        var terms = new DtlsPeer.Terms(BOB, ALICE.fingerprint(), DtlsPeer.PROFILES, patience);
        client.association = new DtlsAssociation(new DtlsClient(terms), client.sent::add, client);
        client.association().start();

        assertThat(client.next(Failed.class).reason()).isEqualTo("handshake ran out of time");
        assertThat(client.sent).hasSizeGreaterThan(1);
    }

    @Test
    void dropsWhatAFloodBringsBeyondItsQueue() {
        var server = new Side();
        server.association = new DtlsAssociation(new DtlsServer(terms(ALICE, BOB)), server.sent::add, server);
        for (int i = 0; i < 10 * DtlsTransport.MAX_WAITING_DATAGRAMS; i++) {
            server.association().received(ByteBuffer.wrap(new byte[] {22}));
        }
        server.association().close();

        server.association().start();

        server.next(Closed.class);
    }

    @Test
    void warmsUp() {
        DtlsAssociation.warmUp(ALICE);
    }

    @Test
    void hasACertificateOfItsOwn() {
        assertThat(ALICE.fingerprint()).isNotEqualTo(BOB.fingerprint());
        assertThat(Fingerprint.parse(ALICE.fingerprint().toString())).isEqualTo(ALICE.fingerprint());
    }

    private static DtlsPeer.Terms terms(DtlsCertificate own, DtlsCertificate announced) {
        return new DtlsPeer.Terms(own, announced.fingerprint(), DtlsPeer.PROFILES, SHORT);
    }

    private static void connect(Side server, Side client, DtlsPeer.Terms atServer, DtlsPeer.Terms atClient) {
        link(server, client, atServer, atClient);
        server.association().start();
        client.association().start();
    }

    private static void link(Side server, Side client, DtlsPeer.Terms atServer, DtlsPeer.Terms atClient) {
        server.association = new DtlsAssociation(new DtlsServer(atServer), bytes -> server.send(bytes, client), server);
        client.association = new DtlsAssociation(new DtlsClient(atClient), bytes -> client.send(bytes, server), client);
    }

    private sealed interface Event {}

    private record Connected(SrtpProfile profile, SrtpKeyingMaterial keys) implements Event {}

    private record Failed(String reason) implements Event {}

    private record Closed() implements Event {}

    /** One side: what it sent, what it was told, and which of its datagrams are lost. */
    private static final class Side implements DtlsAssociation.Events {
        private final List<ByteBuffer> sent = new CopyOnWriteArrayList<>();
        private final BlockingQueue<Event> told = new LinkedBlockingQueue<>();
        private IntPredicate loses = _ -> false;
        private DtlsAssociation association;

        DtlsAssociation association() {
            return association;
        }

        void send(ByteBuffer datagram, Side to) {
            int number = sent.size();
            sent.add(datagram);
            if (!loses.test(number)) {
                to.association.received(datagram);
            }
        }

        <E extends Event> E next(Class<E> kind) {
            try {
                Event event = told.poll(30, TimeUnit.SECONDS);
                assertThat(event).isInstanceOf(kind);
                return kind.cast(event);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void connected(SrtpProfile profile, SrtpKeyingMaterial keys) {
            told.add(new Connected(profile, keys));
        }

        @Override
        public void failed(String reason) {
            told.add(new Failed(reason));
        }

        @Override
        public void closed() {
            told.add(new Closed());
        }
    }
}
