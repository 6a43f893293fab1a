package dev.understudy.protocol.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.LoggerImpl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What we protect another implementation opens, and the other way round. */
@ParameterizedClass
@EnumSource(SrtpProfile.class)
class JitsiSrtpTest {
    private static final int PACKETS = 300;

    @Parameter
    private SrtpProfile profile;

    /** Otherwise it spends seconds to find the fastest; and this one shares no code with ours. */
    @BeforeAll
    static void takesItsCiphersFromBouncyCastle() {
        Aes.setFactoryClassName("BouncyCastle");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void opensOurRtp(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        SrtpKeys keys = SrtpTest.keys(profile, seed);
        var sender = new SrtpSender(profile, keys);
        int ssrc = random.nextInt();
        try (var factory = new Factory(keys, false)) {
            var jitsi = factory.contexts.deriveContext(ssrc, 0);
            for (int i = 0; i < PACKETS; i++) {
                ByteBuffer packet = rtp(random, ssrc, 65_400 + i);
                byte[] plain = bytes(packet);
                sender.protectRtp(packet);
                var theirs = new Bytes(bytes(packet));

                assertThat(jitsi.reverseTransformPacket(theirs, false)).isEqualTo(SrtpErrorStatus.OK);
                assertThat(theirs.bytes()).isEqualTo(plain);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void makesRtpThatWeOpen(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        SrtpKeys keys = SrtpTest.keys(profile, seed);
        var receiver = new SrtpReceiver(profile, keys);
        int ssrc = random.nextInt();
        try (var factory = new Factory(keys, true)) {
            var jitsi = factory.contexts.deriveContext(ssrc, 0);
            for (int i = 0; i < PACKETS; i++) {
                byte[] plain = bytes(rtp(random, ssrc, 65_400 + i));
                var theirs = new Bytes(plain);
                assertThat(jitsi.transformPacket(theirs)).isEqualTo(SrtpErrorStatus.OK);
                ByteBuffer packet = ByteBuffer.wrap(theirs.bytes());

                assertThat(receiver.unprotectRtp(packet)).isTrue();
                assertThat(bytes(packet)).isEqualTo(plain);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void opensOurRtcp(long seed) throws Exception {
        SrtpKeys keys = SrtpTest.keys(profile, seed);
        var sender = new SrtpSender(profile, keys);
        try (var factory = new Factory(keys, false)) {
            var jitsi = factory.contexts.deriveControlContext((int) seed);
            for (int i = 0; i < PACKETS; i++) {
                ByteBuffer packet = SrtpTest.rtcp((int) seed);
                byte[] plain = bytes(packet);
                sender.protectRtcp(packet);
                var theirs = new Bytes(bytes(packet));

                assertThat(jitsi.reverseTransformPacket(theirs)).isEqualTo(SrtpErrorStatus.OK);
                assertThat(theirs.bytes()).isEqualTo(plain);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void makesRtcpThatWeOpen(long seed) throws Exception {
        SrtpKeys keys = SrtpTest.keys(profile, seed);
        var receiver = new SrtpReceiver(profile, keys);
        try (var factory = new Factory(keys, true)) {
            var jitsi = factory.contexts.deriveControlContext((int) seed);
            for (int i = 0; i < PACKETS; i++) {
                byte[] plain = bytes(SrtpTest.rtcp((int) seed));
                var theirs = new Bytes(plain);
                assertThat(jitsi.transformPacket(theirs)).isEqualTo(SrtpErrorStatus.OK);
                ByteBuffer packet = ByteBuffer.wrap(theirs.bytes());

                assertThat(receiver.unprotectRtcp(packet)).isTrue();
                assertThat(bytes(packet)).isEqualTo(plain);
            }
        }
    }

    /** Any number of CSRCs, sometimes an extension, any payload. */
    private static ByteBuffer rtp(SplittableRandom random, int ssrc, int sequenceNumber) {
        int sources = random.nextInt(0, 16);
        boolean hasExtension = random.nextBoolean();
        ByteBuffer packet = ByteBuffer.allocate(1_500);
        packet.put((byte) (0x80 | (hasExtension ? 0x10 : 0) | sources)).put((byte) 96);
        packet.putShort((short) sequenceNumber).putInt(random.nextInt()).putInt(ssrc);
        for (int i = 0; i < sources; i++) {
            packet.putInt(random.nextInt());
        }
        if (hasExtension) {
            packet.putInt(0xbede0001).putInt(random.nextInt());
        }
        byte[] payload = new byte[random.nextInt(0, 1_200)];
        random.nextBytes(payload);
        return packet.put(payload).flip();
    }

    private static byte[] bytes(ByteBuffer packet) {
        byte[] bytes = new byte[packet.remaining()];
        packet.get(packet.position(), bytes);
        return bytes;
    }

    /** Jitsi's contexts for one direction. */
    private final class Factory implements AutoCloseable {
        private final SrtpContextFactory contexts;

        Factory(SrtpKeys keys, boolean sends) {
            boolean isGcm = profile == SrtpProfile.AEAD_AES_128_GCM;
            var policy = new SrtpPolicy(
                    isGcm ? SrtpPolicy.AESGCM_ENCRYPTION : SrtpPolicy.AESCM_ENCRYPTION,
                    profile.masterKeyBytes(),
                    isGcm ? SrtpPolicy.NULL_AUTHENTICATION : SrtpPolicy.HMACSHA1_AUTHENTICATION,
                    isGcm ? 0 : 20,
                    profile.tagBytes(),
                    profile.masterSaltBytes());
            contexts = new SrtpContextFactory(
                    sends, keys.masterKey(), keys.masterSalt(), policy, policy, new LoggerImpl("srtp"));
        }

        @Override
        public void close() {
            contexts.close();
        }
    }

    /** The buffer that Jitsi asks for. */
    private static final class Bytes implements ByteArrayBuffer {
        private byte[] buffer;
        private int offset;
        private int length;

        Bytes(byte[] bytes) {
            buffer = Arrays.copyOf(bytes, bytes.length + 64);
            length = bytes.length;
        }

        byte[] bytes() {
            return Arrays.copyOfRange(buffer, offset, offset + length);
        }

        @Override
        public byte[] getBuffer() {
            return buffer;
        }

        @Override
        public int getOffset() {
            return offset;
        }

        @Override
        public int getLength() {
            return length;
        }

        @Override
        public void setLength(int newLength) {
            length = newLength;
        }

        @Override
        public void setOffset(int newOffset) {
            offset = newOffset;
        }

        @Override
        public boolean isInvalid() {
            return false;
        }

        @Override
        public void readRegionToBuff(int from, int count, byte[] to) {
            System.arraycopy(buffer, offset + from, to, 0, count);
        }

        @Override
        public void grow(int more) {
            buffer = Arrays.copyOf(buffer, buffer.length + more);
        }

        @Override
        public void append(byte[] bytes, int count) {
            System.arraycopy(bytes, 0, buffer, offset + length, count);
            length += count;
        }

        @Override
        public void shrink(int less) {
            length -= less;
        }
    }
}
