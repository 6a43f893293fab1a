package dev.understudy.protocol.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both directions of one peer connection, in both profiles. */
@ParameterizedClass
@EnumSource(SrtpProfile.class)
class SrtpTest {
    private static final int SSRC = 0xcafebabe;

    @Parameter
    private SrtpProfile profile;

    private SrtpSender sender() {
        return new SrtpSender(profile, keys());
    }

    private SrtpReceiver receiver() {
        return new SrtpReceiver(profile, keys());
    }

    private SrtpKeys keys() {
        return keys(profile, 7);
    }

    static SrtpKeys keys(SrtpProfile profile, long seed) {
        var random = new SplittableRandom(seed);
        byte[] key = new byte[profile.masterKeyBytes()];
        byte[] salt = new byte[profile.masterSaltBytes()];
        random.nextBytes(key);
        random.nextBytes(salt);
        return new SrtpKeys(key, salt);
    }

    static ByteBuffer rtp(int ssrc, int sequenceNumber, int payloadBytes) {
        ByteBuffer packet = ByteBuffer.allocate(12 + payloadBytes + SrtpSender.MAX_OVERHEAD_BYTES);
        packet.putShort((short) 0x8060)
                .putShort((short) sequenceNumber)
                .putInt(90_000)
                .putInt(ssrc);
        return packet.position(12 + payloadBytes).flip();
    }

    static ByteBuffer rtcp(int ssrc) {
        ByteBuffer packet = ByteBuffer.allocate(28 + SrtpSender.MAX_OVERHEAD_BYTES);
        packet.putInt(0x80c80006).putInt(ssrc).putLong(1).putInt(2).putInt(3).putInt(4);
        return packet.flip();
    }

    private static ByteBuffer copy(ByteBuffer packet) {
        return ByteBuffer.allocate(packet.remaining()).put(packet.duplicate()).flip();
    }

    private ByteBuffer protectedRtp(SrtpSender sender, int sequenceNumber) {
        ByteBuffer packet = rtp(SSRC, sequenceNumber, 100);
        sender.protectRtp(packet);
        return packet;
    }

    @Test
    void givesBackWhatWasSent() {
        ByteBuffer packet = rtp(SSRC, 1, 100);
        ByteBuffer plain = copy(packet);

        sender().protectRtp(packet);

        assertThat(packet.remaining()).isEqualTo(112 + profile.tagBytes());
        assertThat(packet.slice(12, 100)).isNotEqualTo(plain.slice(12, 100));
        assertThat(receiver().unprotectRtp(packet)).isTrue();
        assertThat(packet).isEqualTo(plain);
    }

    @Test
    void givesBackWhatWasSentOverRtcp() {
        ByteBuffer packet = rtcp(SSRC);
        ByteBuffer plain = copy(packet);

        sender().protectRtcp(packet);

        assertThat(packet.remaining()).isEqualTo(28 + profile.tagBytes() + 4);
        assertThat(receiver().unprotectRtcp(packet)).isTrue();
        assertThat(packet).isEqualTo(plain);
    }

    @Test
    void worksInDirectBuffersAndFromAnyPosition() {
        ByteBuffer plain = rtp(SSRC, 1, 100);
        ByteBuffer packet = ByteBuffer.allocateDirect(200);
        packet.position(9).put(plain.duplicate()).limit(packet.position()).position(9);

        sender().protectRtp(packet);

        assertThat(packet.position()).isEqualTo(9);
        assertThat(receiver().unprotectRtp(packet)).isTrue();
        assertThat(packet).isEqualTo(plain);
    }

    @Test
    void leavesSourcesAndExtensionInTheClear() {
        ByteBuffer packet = ByteBuffer.allocate(100);
        packet.put(HexFormat.of().parseHex("926000010000000200000003" + "0000000a0000000b" + "bede000110aa0000" + "ff"))
                .flip();
        ByteBuffer plain = copy(packet);

        sender().protectRtp(packet);

        assertThat(packet.slice(0, 28)).isEqualTo(plain.slice(0, 28));
        assertThat(receiver().unprotectRtp(packet)).isTrue();
        assertThat(packet).isEqualTo(plain);
    }

    @Test
    void refusesAReplay() {
        SrtpReceiver receiver = receiver();
        ByteBuffer packet = protectedRtp(sender(), 1);
        ByteBuffer replayed = copy(packet);
        assertThat(receiver.unprotectRtp(packet)).isTrue();

        assertThat(receiver.unprotectRtp(replayed)).isFalse();
    }

    @Test
    void refusesAReplayOfRtcp() {
        SrtpReceiver receiver = receiver();
        ByteBuffer packet = rtcp(SSRC);
        sender().protectRtcp(packet);
        ByteBuffer replayed = copy(packet);
        assertThat(receiver.unprotectRtcp(packet)).isTrue();

        assertThat(receiver.unprotectRtcp(replayed)).isFalse();
    }

    @Test
    void refusesARecordedCallPlayedAgain() {
        SrtpSender sender = sender();
        SrtpReceiver receiver = receiver();
        List<ByteBuffer> sent = Stream.iterate(0, i -> i + 1)
                .limit(3_000)
                .map(i -> protectedRtp(sender, 64_000 + i))
                .toList();
        List<ByteBuffer> recorded = sent.stream().map(SrtpTest::copy).toList();
        assertThat(sent).allMatch(receiver::unprotectRtp);

        assertThat(recorded).noneMatch(receiver::unprotectRtp);
    }

    @Test
    void takesWhatIsLateByLessThanTheWindow() {
        SrtpSender sender = sender();
        SrtpReceiver receiver = receiver();
        ByteBuffer tooLate = protectedRtp(sender, 1);
        ByteBuffer late = protectedRtp(sender, 2);
        assertThat(receiver.unprotectRtp(protectedRtp(sender, 1_025))).isTrue();

        assertThat(receiver.unprotectRtp(late)).isTrue();
        assertThat(receiver.unprotectRtp(tooLate)).isFalse();
    }

    @Test
    void followsTheSequenceNumberRoundAndRound() {
        SrtpSender sender = sender();
        SrtpReceiver receiver = receiver();
        for (long index = 0xff00; index < 0x3_0100; index += 97) {
            assertThat(receiver.unprotectRtp(protectedRtp(sender, (int) index & 0xffff)))
                    .as("index %x", index)
                    .isTrue();
        }
    }

    @Test
    void takesAPacketThatTheRolloverOvertook() {
        SrtpSender sender = sender();
        SrtpReceiver receiver = receiver();
        assertThat(receiver.unprotectRtp(protectedRtp(sender, 0xfffe))).isTrue();
        ByteBuffer overtaken = protectedRtp(sender, 0xffff);
        assertThat(receiver.unprotectRtp(protectedRtp(sender, 0))).isTrue();

        assertThat(receiver.unprotectRtp(overtaken)).isTrue();
    }

    @Test
    void isNotMovedByForgeries() {
        SrtpSender sender = sender();
        SrtpReceiver receiver = receiver();
        assertThat(receiver.unprotectRtp(protectedRtp(sender, 1))).isTrue();
        ByteBuffer forged = protectedRtp(sender(), 30_000);
        forged.put(50, (byte) ~forged.get(50));

        assertThat(receiver.unprotectRtp(forged)).isFalse();
        assertThat(receiver.unprotectRtp(protectedRtp(sender, 2))).isTrue();
    }

    @Test
    void refusesEveryFlippedBit() {
        ByteBuffer packet = protectedRtp(sender(), 1);
        for (int bit = 0; bit < 8 * packet.limit(); bit++) {
            ByteBuffer touched = copy(packet);
            touched.put(bit / 8, (byte) (touched.get(bit / 8) ^ (1 << (bit % 8))));
            ByteBuffer before = copy(touched);

            assertThat(receiver().unprotectRtp(touched)).as("bit %d", bit).isFalse();
            assertThat(touched).isEqualTo(before);
        }
    }

    @Test
    void refusesEveryFlippedBitOfRtcp() {
        ByteBuffer packet = rtcp(SSRC);
        sender().protectRtcp(packet);
        for (int bit = 0; bit < 8 * packet.limit(); bit++) {
            ByteBuffer touched = copy(packet);
            touched.put(bit / 8, (byte) (touched.get(bit / 8) ^ (1 << (bit % 8))));

            assertThat(receiver().unprotectRtcp(touched)).as("bit %d", bit).isFalse();
        }
    }

    @Test
    void refusesAnotherPeersKeys() {
        assertThat(new SrtpReceiver(profile, keys(profile, 8)).unprotectRtp(protectedRtp(sender(), 1)))
                .isFalse();
    }

    @Test
    void refusesRtcpThatIsNotEncrypted() {
        ByteBuffer packet = rtcp(SSRC);
        sender().protectRtcp(packet);
        int indexOffset = profile == SrtpProfile.AEAD_AES_128_GCM ? packet.limit() - 4 : packet.limit() - 14;
        packet.put(indexOffset, (byte) 0);

        assertThat(receiver().unprotectRtcp(packet)).isFalse();
    }

    @Test
    void knowsABoundedNumberOfSources() {
        SrtpSender sender = sender();
        SrtpSender another = sender();
        SrtpReceiver receiver = receiver();
        for (int ssrc = 0; ssrc < SrtpLimits.MAX_SOURCES; ssrc++) {
            ByteBuffer packet = rtp(ssrc, 1, 10);
            sender.protectRtp(packet);
            assertThat(receiver.unprotectRtp(packet)).isTrue();
        }

        ByteBuffer oneTooMany = rtp(SrtpLimits.MAX_SOURCES, 1, 10);
        another.protectRtp(oneTooMany);
        assertThat(receiver.unprotectRtp(oneTooMany)).isFalse();
        ByteBuffer known = rtp(0, 2, 10);
        sender.protectRtp(known);
        assertThat(receiver.unprotectRtp(known)).isTrue();
    }

    /** One nonce under one key protects one packet: the fault of Pion's CVE-2026-26014 must not be ours. */
    @Test
    void neverProtectsUnderOneNonceTwice() {
        SrtpSender sender = sender();
        protectedRtp(sender, 2_000);

        assertThatIllegalArgumentException().isThrownBy(() -> protectedRtp(sender, 2_000));
        assertThatIllegalArgumentException().isThrownBy(() -> protectedRtp(sender, 900));
        protectedRtp(sender, 1_999);
    }

    @Test
    void countsRtcpUp() {
        SrtpSender sender = sender();
        SrtpReceiver receiver = receiver();
        for (int i = 0; i < 100; i++) {
            ByteBuffer packet = rtcp(SSRC + i % 2);
            sender.protectRtcp(packet);
            assertThat(packet.getInt(packet.limit() - (profile == SrtpProfile.AEAD_AES_128_GCM ? 4 : 14)))
                    .isEqualTo(0x80000000 | i);
            assertThat(receiver.unprotectRtcp(packet)).isTrue();
        }
    }

    static Stream<String> shortPackets() {
        return Stream.of(
                "",
                "80",
                "8060000100000002",
                "806000010000000200000003",
                "8f6000010000000200000003" + "00".repeat(16),
                "906000010000000200000003bede",
                "906000010000000200000003bedeffff" + "00".repeat(16),
                "406000010000000200000003" + "00".repeat(30));
    }

    @ParameterizedTest
    @MethodSource("shortPackets")
    void refusesPacketsWithoutRoomForHeaderAndTag(String hex) {
        ByteBuffer packet = ByteBuffer.wrap(HexFormat.of().parseHex(hex));

        assertThat(receiver().unprotectRtp(packet)).isFalse();
        assertThat(receiver().unprotectRtcp(packet)).isFalse();
    }

    @Test
    void refusesPacketsThatNoPathCarries() {
        ByteBuffer packet = ByteBuffer.allocate(SrtpLimits.MAX_PACKET_BYTES + 1).put(0, (byte) 0x80);

        assertThat(receiver().unprotectRtp(packet)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> sender().protectRtp(packet));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverThrowsOnHostileBytes(long seed) {
        var random = new SplittableRandom(seed);
        SrtpReceiver receiver = receiver();
        for (int i = 0; i < 500; i++) {
            byte[] datagram = new byte[random.nextInt(0, 2_200)];
            random.nextBytes(datagram);
            if (datagram.length > 0) {
                datagram[0] = (byte) ((datagram[0] & 0x3f) | 0x80);
            }
            ByteBuffer packet = ByteBuffer.wrap(datagram);

            assertThat(receiver.unprotectRtp(packet)).isFalse();
            assertThat(receiver.unprotectRtcp(packet)).isFalse();
            assertThat(packet.remaining()).isEqualTo(datagram.length);
        }
    }
}
