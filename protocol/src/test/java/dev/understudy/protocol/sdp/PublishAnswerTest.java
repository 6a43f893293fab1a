package dev.understudy.protocol.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.dtls.Fingerprint;
import dev.understudy.protocol.stun.IceCredentials;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class PublishAnswerTest {
    private static final IceCredentials ICE = new IceCredentials("fRaG", "thePasswordOfTheServer");

    private static final Fingerprint FINGERPRINT =
            Fingerprint.parse("sha-256" + " AB:CD:EF:01:23:45:67:89".repeat(4).replaceAll("89 AB", "89:AB"));

    private static final InetSocketAddress IPV4 = new InetSocketAddress("192.0.2.1", 50_000);
    private static final InetSocketAddress IPV6 = new InetSocketAddress("2001:db8::1", 50_001);

    @SuppressWarnings("unused") // named in @FieldSource
    static final List<String> CLIENTS = Arrays.asList(Offers.CLIENTS);

    private static String answer(String offer, InetSocketAddress... addresses) throws SdpException {
        return new PublishAnswer(PublishOffer.read(offer), 42, ICE, FINGERPRINT, List.of(addresses)).text();
    }

    @Test
    void answersChromium() throws SdpException {
        assertThat(answer(Offers.text("chromium"), IPV4, IPV6)).isEqualTo(Offers.text("chromium-answer"));
    }

    @Test
    void answersFfmpegAsTheDtlsClient() throws SdpException {
        assertThat(answer(Offers.text("ffmpeg"), IPV4)).isEqualTo(Offers.text("ffmpeg-answer"));
    }

    @Test
    void rejectsWhatIsNotReceivedAndKeepsItsPlace() throws SdpException {
        String offer = Offers.text("obs") + """
                m=application 9 UDP/DTLS/SCTP webrtc-datachannel
                a=mid:data
                m=video 0 UDP/TLS/RTP/SAVPF 96 97
                a=mid:v2
                """;

        String answer = answer(offer, IPV4).replace("\r\n", "\n");

        assertThat(answer).contains("a=group:BUNDLE 0 1\n").endsWith("""
                m=application 0 UDP/DTLS/SCTP webrtc-datachannel
                c=IN IP4 0.0.0.0
                a=mid:data
                a=inactive
                m=video 0 UDP/TLS/RTP/SAVPF 96
                c=IN IP4 0.0.0.0
                a=mid:v2
                a=inactive
                """);
    }

    @Test
    void answersAnOldOfferWithoutBundleOrMid() throws SdpException {
        String obs = Offers.text("obs");
        String offer = obs.substring(0, obs.indexOf("m=audio")).replace("a=group:BUNDLE 0 1\r\n", "")
                + obs.substring(obs.indexOf("m=video")).replace("a=mid:1\r\n", "");

        assertThat(answer(offer, IPV6))
                .doesNotContain("BUNDLE", "a=mid")
                .contains("m=video 50001 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP6 2001:db8:0:0:0:0:0:1\r\na=recvonly\r\n");
    }

    @ParameterizedTest
    @FieldSource("CLIENTS")
    void everyAnswerIsADescriptionWithASectionForEachOfTheOffer(String client) throws SdpException {
        SessionDescription offer = SessionDescription.parse(Offers.text(client));
        SessionDescription answer = SessionDescription.parse(answer(Offers.text(client), IPV4));

        assertThat(answer.sections()).hasSameSizeAs(offer.sections()).allSatisfy(section -> {
            assertThat(section.port()).isEqualTo(50_000);
            assertThat(section.attributes("candidate")).containsExactly("1 1 udp 2130706431 192.0.2.1 50000 typ host");
            assertThat(section.attributes("simulcast")).isEmpty();
            assertThat(section.attributes("rid")).isEmpty();
        });
        assertThat(answer.sections().stream().flatMap(section -> feedbackNames(section)))
                .isSubsetOf(offer.sections().stream()
                        .flatMap(section -> feedbackNames(section))
                        .toList());
    }

    private static Stream<String> feedbackNames(SessionDescription.Section section) {
        return section.attributes("rtcp-fb").stream();
    }

    @Test
    void needsAnAddress() {
        assertThatThrownBy(() -> answer(Offers.text("obs"))).isInstanceOf(IllegalArgumentException.class);
    }
}
