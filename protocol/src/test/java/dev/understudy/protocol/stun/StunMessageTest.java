package dev.understudy.protocol.stun;

import static dev.understudy.protocol.stun.Rfc5769.PASSWORD;
import static dev.understudy.protocol.stun.Rfc5769.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StunMessageTest {
    private static final byte[] TRANSACTION_ID = HexFormat.of().parseHex(Rfc5769.TRANSACTION_ID);

    @Test
    void readsTheSampleRequestOfRfc5769() {
        StunMessage message = parse(Rfc5769.REQUEST);

        assertThat(message.type()).isEqualTo(StunMessage.Type.BINDING_REQUEST);
        assertThat(message.transactionId()).isEqualTo(TRANSACTION_ID);
        assertThat(message.username()).isEqualTo(Rfc5769.USERNAME);
        assertThat(message.usernameFragment()).isEqualTo("evtj");
        assertThat(message.priority()).isEqualTo(0x6e0001ffL);
        assertThat(message.isFromControlled()).isTrue();
        assertThat(message.isFromControlling()).isFalse();
        assertThat(message.hasUseCandidate()).isFalse();
        assertThat(message.unknownRequired()).isEmpty();
        assertThat(message.isSignedWith(PASSWORD)).isTrue();
        assertThat(message.isSignedWith("VOkJxbRl1RmTxUk/WvJxBT")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"IPv4, 192.0.2.1", "IPv6, 2001:db8:1234:5678:11:2233:4455:6677"})
    void readsTheSampleResponsesOfRfc5769(String family, String address) {
        StunMessage message = parse(family.equals("IPv4") ? Rfc5769.IPV4_RESPONSE : Rfc5769.IPV6_RESPONSE);

        assertThat(message.type()).isEqualTo(StunMessage.Type.BINDING_SUCCESS);
        assertThat(message.mappedAddress()).isEqualTo(new InetSocketAddress(address, 32853));
        assertThat(message.isSignedWith(PASSWORD)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8:1234:5678:11:2233:4455:6677"})
    void writesASuccess(String address) {
        var peer = new InetSocketAddress(address, 32853);

        StunMessage message = parse(StunMessage.bindingSuccess(TRANSACTION_ID, peer, PASSWORD));

        assertThat(message.type()).isEqualTo(StunMessage.Type.BINDING_SUCCESS);
        assertThat(message.transactionId()).isEqualTo(TRANSACTION_ID);
        assertThat(message.mappedAddress()).isEqualTo(peer);
        assertThat(message.isSignedWith(PASSWORD)).isTrue();
    }

    @Test
    void writesARequestByteByByte() {
        byte[] request = StunMessage.bindingRequest(
                TRANSACTION_ID, "evtj:h6vY", PASSWORD, 0x6e0001ff, true, true, 0x932ff9b151263b36L);

        String beforeIntegrity = """
                00 01 00 48  21 12 a4 42  b7 e7 a7 01  bc 34 d6 86  fa 87 df ae
                00 06 00 09  65 76 74 6a  3a 68 36 76  59 00 00 00
                00 24 00 04  6e 00 01 ff
                80 2a 00 08  93 2f f9 b1  51 26 3b 36
                00 25 00 00
                00 08 00 14
                """;
        assertThat(HexFormat.of().formatHex(request)).startsWith(beforeIntegrity.replaceAll("\\s", ""));
        StunMessage message = parse(request);
        assertThat(message.isSignedWith(PASSWORD)).isTrue();
        assertThat(message.hasUseCandidate()).isTrue();
        assertThat(message.isFromControlling()).isTrue();
    }

    @Test
    void writesErrors() {
        StunMessage signed = parse(StunMessage.bindingError(
                TRANSACTION_ID, StunError.UNKNOWN_ATTRIBUTE, List.of(0x7001, 0x7002, 0x7003), PASSWORD));
        StunMessage unsigned = parse(StunMessage.bindingError(TRANSACTION_ID, StunError.UNAUTHENTICATED));

        assertThat(signed.errorCode()).isEqualTo(420);
        assertThat(signed.isSignedWith(PASSWORD)).isTrue();
        assertThat(unsigned.errorCode()).isEqualTo(401);
        assertThat(unsigned.isSigned()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "empty, ''",
        "cut in the header, 0001 0000 2112a442 000000000000000000000000",
        "length too large, 0001 0004 2112a442 000000000000000000000000 00",
        "length too small, 0001 0000 2112a442 000000000000000000000000 00250000",
        "length not a multiple of 4, 0001 0003 2112a442 000000000000000000000000 002500",
        "no magic cookie, 0001 0000 2112a443 000000000000000000000000",
        "not binding, 0003 0000 2112a442 000000000000000000000000",
        "attribute longer than the message, 0001 0004 2112a442 000000000000000000000000 00240004",
        "PRIORITY of 2 bytes, 0001 0008 2112a442 000000000000000000000000 00240002 00000000",
        "USE-CANDIDATE of 4 bytes, 0001 0008 2112a442 000000000000000000000000 00250004 00000000",
        "MESSAGE-INTEGRITY of 4 bytes, 0001 0008 2112a442 000000000000000000000000 00080004 00000000",
        "FINGERPRINT wrong, 0001 0008 2112a442 000000000000000000000000 80280004 00000000",
    })
    void rejects(String description, String hex) {
        String start = description.startsWith("cut") ? hex.substring(0, hex.length() - 2) : hex;

        assertThat(StunMessage.parse(bytes(start))).as(description).isNull();
    }

    @Test
    void rejectsAUsernameThatIsTooLong() {
        ByteBuffer message = ByteBuffer.allocate(20 + 4 + 516);
        message.putShort(0, (short) 1).putShort(2, (short) 520).putInt(4, 0x2112a442);
        message.putShort(20, (short) 6).putShort(22, (short) 513);

        assertThat(StunMessage.parse(message)).isNull();
    }

    @Test
    void rejectsAFingerprintThatIsNotLast() {
        String twice = Rfc5769.REQUEST.replace("00 58", "00 60") + "80 28 00 04 e5 7a 3b cf";

        assertThat(StunMessage.parse(bytes(twice))).isNull();
    }

    @Test
    void doesNotSeeWhatComesAfterTheIntegrity() {
        byte[] signed = StunMessage.bindingRequest(TRANSACTION_ID, "a:b", PASSWORD, 1, false, true, 1);
        ByteBuffer smuggled = ByteBuffer.allocate(signed.length - 4).put(signed, 0, signed.length - 8);
        smuggled.putShort((short) StunAttributes.USE_CANDIDATE).putShort((short) 0);
        smuggled.putShort(2, (short) (smuggled.capacity() - 20));

        StunMessage message = Objects.requireNonNull(StunMessage.parse(smuggled.flip()));

        assertThat(message.isSignedWith(PASSWORD)).isTrue();
        assertThat(message.hasUseCandidate()).isFalse();
    }

    @RepeatedTest(1_000)
    void neverThrowsOnHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] sample = Rfc5769.array(random.nextBoolean() ? Rfc5769.REQUEST : Rfc5769.IPV6_RESPONSE);
        byte[] datagram = Arrays.copyOf(sample, sample.length - 8);
        ByteBuffer.wrap(datagram).putShort(2, (short) (datagram.length - 20));
        for (int flips = random.nextInt(1, 8); flips > 0; flips--) {
            datagram[random.nextInt(8, datagram.length)] = (byte) random.nextInt();
        }

        StunMessage message = StunMessage.parse(ByteBuffer.wrap(datagram));

        if (message != null) {
            message.username();
            message.mappedAddress();
            message.errorCode();
            assertThat(message.unknownRequired().size()).isLessThan(datagram.length / 4);
        }
    }

    @RepeatedTest(200)
    void neverThrowsOnNoise(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] datagram = new byte[random.nextInt(0, 2_000)];
        random.nextBytes(datagram);

        assertThat(StunMessage.parse(ByteBuffer.wrap(datagram))).isNull();
    }

    private static StunMessage parse(String hex) {
        return Objects.requireNonNull(StunMessage.parse(bytes(hex)));
    }

    private static StunMessage parse(byte[] bytes) {
        return Objects.requireNonNull(StunMessage.parse(ByteBuffer.wrap(bytes)));
    }
}
