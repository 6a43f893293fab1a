package dev.understudy.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.dtls.Fingerprint;
import dev.understudy.protocol.sdp.Media;
import dev.understudy.protocol.sdp.PublishAnswer;
import dev.understudy.protocol.sdp.PublishOffer;
import dev.understudy.protocol.sdp.SdpException;
import dev.understudy.protocol.stun.IceCredentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhipOfferTest {
    private static final IceCredentials ICE = new IceCredentials("ours", "ourPassword+/ourPassword");
    private static final IceCredentials THEIRS = new IceCredentials("theirs", "theirPassword+/theirPassword");
    private static final Fingerprint FINGERPRINT = Fingerprint.sha256(new byte[] {1});
    private static final InetSocketAddress HOST = new InetSocketAddress("192.0.2.7", 40_000);
    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 50_000);

    private static WhipOffer offer(boolean hasAudio, boolean hasVideo) {
        return new WhipOffer(5, ICE, FINGERPRINT, HOST, hasAudio, hasVideo, new WhipOffer.StreamIds(1, 2, 3, "name"));
    }

    private static String answer(WhipOffer offer) throws SdpException {
        return new PublishAnswer(PublishOffer.read(offer.text()), 6, THEIRS, FINGERPRINT, List.of(SERVER)).text();
    }

    @Test
    void aServerUnderstandsAllOfIt() throws SdpException {
        PublishOffer read = PublishOffer.read(offer(true, true).text());

        Media video = read.video().orElseThrow();
        assertThat(video.feedback()).containsExactly("transport-cc", "ccm fir", "nack", "nack pli");
        assertThat(video.rtxPayloadType()).hasValue(97);
        assertThat(video.ssrcs()).containsExactly(2L);
        assertThat(video.rtxSsrc()).hasValue(3);
        assertThat(read.audio().orElseThrow().ssrcs()).containsExactly(1L);
        assertThat(read.ice()).isEqualTo(ICE);
        assertThat(read.fingerprint()).isEqualTo(FINGERPRINT);
    }

    @Test
    void offersWhatTheClipHas() throws SdpException {
        assertThat(PublishOffer.read(offer(true, false).text()).video()).isEmpty();
        assertThat(PublishOffer.read(offer(false, true).text()).audio()).isEmpty();
    }

    @Test
    void readsTheAnswer() throws SdpException, IOException {
        assertThat(WhipAnswer.read(answer(offer(true, true))))
                .isEqualTo(new WhipAnswer(List.of(SERVER), THEIRS, FINGERPRINT, true, true, true, true, true, true));
        assertThat(WhipAnswer.read(answer(offer(true, false))))
                .matches(answer -> !answer.hasVideo() && !answer.hasRtx());
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', textBlock = """
            v=0             | x=        | the server's answer: Not a session description: it does not begin with v=0
            m=audio 50000   | m=audio 0 | the server's answer accepts nothing
            a=ice-pwd:      | a=x:      | the server's answer lacks a=ice-pwd
            a=fingerprint:  | a=x:      | the server's answer lacks a=fingerprint
            sha-256         | sha-1     | the server's answer has an unusable a=fingerprint
            udp             | tcp       | the server's answer has no candidate for UDP
            192.0.2.1 50000 | a.local 1 | the server's answer has no candidate for UDP
            """)
    void saysWhatIsWrongWithAnAnswer(String from, String to, String message) throws SdpException {
        String answer = answer(offer(true, false)).replace(from, to);

        assertThatThrownBy(() -> WhipAnswer.read(answer))
                .isInstanceOf(IOException.class)
                .hasMessage(message);
    }

    @RepeatedTest(200)
    void neverThrowsAnythingElseOnHostileAnswers(RepetitionInfo run) throws SdpException {
        var random = new SplittableRandom(run.getCurrentRepetition());
        var text = new StringBuilder(answer(offer(true, true)));
        for (int i = 0; i < 10; i++) {
            text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(32, 127));
        }

        try {
            assertThat(WhipAnswer.read(text.toString()).candidates()).isNotEmpty();
        } catch (IOException refused) {
            assertThat(refused).hasMessageStartingWith("the server's answer");
        }
    }
}
