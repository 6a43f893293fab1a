package dev.understudy.server.net;

import dev.understudy.protocol.dtls.DatagramKind;
import dev.understudy.protocol.dtls.Fingerprint;
import dev.understudy.protocol.dtls.SrtpKeyingMaterial;
import dev.understudy.protocol.rtcp.RtcpCompound;
import dev.understudy.protocol.rtcp.RtcpPacket;
import dev.understudy.protocol.rtp.HeaderExtension;
import dev.understudy.protocol.rtp.RtpHeader;
import dev.understudy.protocol.rtp.RtpWriter;
import dev.understudy.protocol.srtp.SrtpProfile;
import dev.understudy.protocol.srtp.SrtpReceiver;
import dev.understudy.protocol.srtp.SrtpSender;
import dev.understudy.protocol.stun.StunMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that publishes by hand: each step of ICE, DTLS and SRTP is taken when a test asks for it. */
final class TestClient implements AutoCloseable {
    static final int AUDIO_TYPE = 111;
    static final int VIDEO_TYPE = 102;
    static final int RTX_TYPE = 103;
    static final long AUDIO_SSRC = 1_111;
    static final long VIDEO_SSRC = 2_222;
    private static final int TRANSPORT_SEQUENCE = 3;
    private static final String FRAGMENT = "clnt";
    private static final long WAIT_SECONDS = 20;

    private final DtlsCertificate certificate = DtlsCertificate.selfSigned(Instant.EPOCH);
    private final DatagramChannel channel;
    private final BlockingQueue<StunMessage> checks = new LinkedBlockingQueue<>();
    private final BlockingQueue<RtcpPacket> feedback = new LinkedBlockingQueue<>();
    private final CompletableFuture<SrtpProfile> connected = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final SplittableRandom random = new SplittableRandom(1);
    private volatile InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private volatile SrtpReceiver receiver;
    private volatile SrtpSender sender;
    private volatile DtlsAssociation association;
    private String remoteFragment = "";
    private String remotePassword = "";
    private int transportSequence;

    TestClient() throws IOException {
        channel = DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::readAll);
    }

    /** As a browser would offer it; {@code setup} is actpass, active or passive. */
    String offer(String setup) {
        return """
                v=0
                o=- 1 2 IN IP4 127.0.0.1
                s=-
                t=0 0
                a=group:BUNDLE 0 1
                m=audio 9 UDP/TLS/RTP/SAVPF 111
                c=IN IP4 0.0.0.0
                a=ice-ufrag:%1$s
                a=ice-pwd:clientclientclientclient
                a=fingerprint:%2$s
                a=setup:%3$s
                a=mid:0
                a=sendonly
                a=rtcp-mux
                a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
                a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
                a=rtpmap:111 opus/48000/2
                a=rtcp-fb:111 transport-cc
                a=fmtp:111 minptime=10;useinbandfec=1
                m=video 9 UDP/TLS/RTP/SAVPF 102 103
                c=IN IP4 0.0.0.0
                a=ice-ufrag:%1$s
                a=ice-pwd:clientclientclientclient
                a=fingerprint:%2$s
                a=setup:%3$s
                a=mid:1
                a=sendonly
                a=rtcp-mux
                a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
                a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
                a=rtpmap:102 H264/90000
                a=rtcp-fb:102 transport-cc
                a=rtcp-fb:102 nack
                a=rtcp-fb:102 nack pli
                a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
                a=rtpmap:103 rtx/90000
                a=fmtp:103 apt=102
                """.formatted(FRAGMENT, certificate.fingerprint(), setup).replace("\n", "\r\n");
    }

    /** Takes the address, the credentials and the fingerprint from the answer. */
    void answered(String answer, SrtpProfile profile) {
        server = new InetSocketAddress(
                find(answer, "a=candidate:\\S+ 1 udp \\d+ (\\S+) \\d+ typ host"),
                Integer.parseInt(find(answer, "a=candidate:\\S+ 1 udp \\d+ \\S+ (\\d+) typ host")));
        remoteFragment = find(answer, "a=ice-ufrag:(\\S+)");
        remotePassword = find(answer, "a=ice-pwd:(\\S+)");
        Fingerprint fingerprint = Fingerprint.parse(find(answer, "a=fingerprint:(.+)"));
        var terms = new DtlsPeer.Terms(certificate, fingerprint, List.of(profile), DtlsPeer.Patience.USUAL);
        boolean isClient = find(answer, "a=setup:(\\S+)").equals("passive");
        association = new DtlsAssociation(
                isClient ? new DtlsClient(terms) : new DtlsServer(terms), this::send, new Ends(isClient));
    }

    private static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no " + pattern + " in " + text);
        }
        return matcher.group(1).strip();
    }

    /** Sends a connectivity check, and again until it is answered. */
    StunMessage check() throws InterruptedException {
        for (int attempt = 0; attempt < 50; attempt++) {
            send(ByteBuffer.wrap(binding(remotePassword)));
            StunMessage answer = checks.poll(200, TimeUnit.MILLISECONDS);
            if (answer != null) {
                return answer;
            }
        }
        throw new IllegalStateException("no answer to connectivity checks from " + server);
    }

    byte[] binding(String password) {
        byte[] transactionId = new byte[12];
        random.nextBytes(transactionId);
        return StunMessage.bindingRequest(transactionId, remoteFragment + ":" + FRAGMENT, password, 1, true, true, 77);
    }

    /** Shakes hands to the end. */
    SrtpProfile shakeHands() throws Exception {
        association.start();
        return connected.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    /** One packet with a transport-wide sequence number, protected; to be sent once or more. */
    ByteBuffer protectedPacket(int payloadType, int sequence, long ssrc, byte[] payload) {
        ByteBuffer datagram = ByteBuffer.allocate(1_300);
        var number =
                ByteBuffer.allocate(2).putShort((short) transportSequence++).flip();
        RtpWriter.write(
                new RtpHeader(payloadType, true, sequence, sequence * 3_000L, ssrc),
                List.of(new HeaderExtension(TRANSPORT_SEQUENCE, number)),
                ByteBuffer.wrap(payload),
                datagram);
        sender.protectRtp(datagram.flip());
        return datagram;
    }

    void sendVideo(int sequence, byte[] payload) {
        send(protectedPacket(VIDEO_TYPE, sequence, VIDEO_SSRC, payload));
    }

    void sendAudio(int sequence, byte[] payload) {
        send(protectedPacket(AUDIO_TYPE, sequence, AUDIO_SSRC, payload));
    }

    void sendRtcp(RtcpPacket packet) {
        ByteBuffer datagram = ByteBuffer.allocate(1_300);
        RtcpCompound.write(List.of(packet), datagram);
        sender.protectRtcp(datagram.flip());
        send(datagram);
    }

    /** The next feedback of this kind; others are passed over. */
    <T extends RtcpPacket> T next(Class<T> kind) throws InterruptedException {
        while (true) {
            RtcpPacket packet = feedback.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            if (packet == null) {
                throw new IllegalStateException("no " + kind.getSimpleName());
            }
            if (kind.isInstance(packet)) {
                return kind.cast(packet);
            }
        }
    }

    /** How the association ended, "closed" if in order. */
    String ended() throws Exception {
        return ended.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    void closeAssociation() {
        association.close();
    }

    InetSocketAddress server() {
        return server;
    }

    void send(ByteBuffer datagram) {
        try {
            channel.send(datagram.duplicate(), server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readAll() {
        ByteBuffer datagram = ByteBuffer.allocate(2_048);
        try {
            while (true) {
                channel.receive(datagram.clear());
                take(datagram.flip());
            }
        } catch (ClosedChannelException e) {
            // The test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(ByteBuffer datagram) {
        switch (DatagramKind.of(datagram)) {
            case STUN -> checks.add(StunMessage.parse(datagram));
            case DTLS -> association.received(datagram);
            case RTCP -> {
                if (datagram.remaining() > 1_200 || !receiver.unprotectRtcp(datagram)) {
                    throw new IllegalStateException("RTCP that cannot be opened");
                }
                feedback.addAll(RtcpCompound.parse(datagram));
            }
            case RTP, UNKNOWN -> throw new IllegalStateException("nothing of the kind is expected");
        }
    }

    private final class Ends implements DtlsAssociation.Events {
        private final boolean isClient;

        Ends(boolean isClient) {
            this.isClient = isClient;
        }

        @Override
        public void connected(SrtpProfile profile, SrtpKeyingMaterial keys) {
            receiver = new SrtpReceiver(profile, isClient ? keys.server() : keys.client());
            sender = new SrtpSender(profile, isClient ? keys.client() : keys.server());
            connected.complete(profile);
        }

        @Override
        public void failed(String reason) {
            connected.completeExceptionally(new IllegalStateException(reason));
            ended.complete(reason);
        }

        @Override
        public void closed() {
            ended.complete("closed");
        }
    }

    @Override
    public void close() throws IOException {
        if (association != null) {
            association.close();
        }
        channel.close();
    }
}
