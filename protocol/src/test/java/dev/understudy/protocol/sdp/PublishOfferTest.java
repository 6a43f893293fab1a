package dev.understudy.protocol.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.protocol.sdp.SdpException.Reason;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishOfferTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            chromium           | PASSIVE | 0 opus 111 rtx - mid 4 twcc 3 [1001] rtx - [transport-cc]           | 1 H264 109 rtx 114 mid 4 twcc 3 [2001] rtx 2002 [transport-cc, ccm fir, nack, nack pli]
            firefox            | PASSIVE | 0 opus 109 rtx - mid 3 twcc - [3001] rtx - []                       | 1 H264 126 rtx 127 mid 3 twcc 7 [3002] rtx 3003 [transport-cc, ccm fir, nack, nack pli]
            obs                | PASSIVE | 0 opus 111 rtx - mid - twcc - [4001] rtx - []                       | 1 H264 96 rtx - mid - twcc - [4002] rtx - [nack, nack pli]
            gstreamer          | PASSIVE | audio1 OPUS 98 rtx - mid - twcc 1 [5003] rtx - [transport-cc]       | video0 H264 96 rtx 97 mid - twcc 1 [5001] rtx 5002 [transport-cc, ccm fir, nack, nack pli]
            ffmpeg             | ACTIVE  | 0 opus 111 rtx - mid - twcc - [6001] rtx - []                       | 1 H264 106 rtx 105 mid - twcc - [6002] rtx 6003 [nack]
            simple-whip-client | PASSIVE | audio0 OPUS 111 rtx - mid - twcc - [7001] rtx - []                  | video1 H264 96 rtx - mid - twcc - [7002] rtx - [ccm fir, nack, nack pli]
            aiortc             | PASSIVE | 0 opus 96 rtx - mid 1 twcc - [8001] rtx - []                        | 1 H264 101 rtx 102 mid 1 twcc - [8002] rtx 8003 [nack, nack pli]
            """, delimiter = '|')
    void reads(String client, Setup setup, String audio, String video) throws SdpException {
        PublishOffer offer = PublishOffer.read(Offers.text(client));

        assertThat(offer.setup()).isEqualTo(setup);
        assertThat(shown(offer.audio().orElseThrow())).isEqualTo(audio);
        assertThat(shown(offer.video().orElseThrow())).isEqualTo(video);
        assertThat(offer.isBundled()).isTrue();
        assertThat(offer.fingerprint().toString()).startsWith("sha-256 AB:CD:EF:01");
    }

    private static String shown(Media media) {
        return "%s %s %d rtx %s mid %s twcc %s %s rtx %s %s"
                .formatted(
                        media.mid(),
                        media.codec(),
                        media.payloadType(),
                        media.rtxPayloadType().isPresent()
                                ? media.rtxPayloadType().getAsInt()
                                : "-",
                        media.midExtension().isPresent() ? media.midExtension().getAsInt() : "-",
                        media.transportExtension().isPresent()
                                ? media.transportExtension().getAsInt()
                                : "-",
                        media.ssrcs(),
                        media.rtxSsrc().isPresent() ? media.rtxSsrc().getAsLong() : "-",
                        media.feedback());
    }

    @ParameterizedTest
    @CsvSource({
        "chromium, Oyef, 7Uke+JCB/GHhp5F7MuRGIHPi",
        "firefox, c4a7a25b, 27ab7ecb0be8cbd1a9a1e1c3f9b4f1d2",
        "simple-whip-client, /A+w3kQz7nB0xCvJ5mLhR1tYs8dGfE2u, +Z/6yXwVuT4sRqPoN3mLkJiH2gFeDcB1",
    })
    void readsIceCredentials(String client, String fragment, String password) throws SdpException {
        PublishOffer offer = PublishOffer.read(Offers.text(client));

        assertThat(offer.ice().usernameFragment()).isEqualTo(fragment);
        assertThat(offer.ice().password()).isEqualTo(password);
    }

    @Test
    void readsParameterSetsSentOutOfBand() throws SdpException {
        Media video = PublishOffer.read(Offers.text("gstreamer")).video().orElseThrow();

        assertThat(video.parameterSets()).hasSize(2);
        assertThat(video.parameterSets().getFirst().get(0)).isEqualTo((byte) 0x67);
        assertThat(video.parameterSets().getLast().get(0)).isEqualTo((byte) 0x68);
    }

    @Test
    void acceptsAnOfferOfSoundAlone() throws SdpException {
        String text = Offers.text("obs");

        PublishOffer offer = PublishOffer.read(text.substring(0, text.indexOf("m=video")));

        assertThat(offer.audio()).isPresent();
        assertThat(offer.video()).isEmpty();
    }

    @Test
    void takesTheTransportFromTheSessionOrAnotherSectionWhereOneHasNone() throws SdpException {
        String ufrag = "a=ice-ufrag:rXzv\r\n";
        String text = Offers.text("obs").replace(ufrag, "").replace("t=0 0\r\n", "t=0 0\r\n" + ufrag);
        String bundled = Offers.text("obs").replaceFirst(ufrag, "");

        assertThat(PublishOffer.read(text).ice().usernameFragment()).isEqualTo("rXzv");
        assertThat(PublishOffer.read(bundled).ice().usernameFragment()).isEqualTo("rXzv");
    }

    @ParameterizedTest(name = "{0} of obs becomes {1}")
    @CsvSource(delimiter = '|', textBlock = """
            H264/90000                | VP8/90000             | VIDEO_CODEC | The offer's video has VP8; H264/90000 with packetization-mode=1 is needed
            packetization-mode=1      | packetization-mode=0  | VIDEO_CODEC | The offer's video has H264 with packetization-mode=0; H264/90000 with packetization-mode=1 is needed
            packetization-mode=1;     | ''                    | VIDEO_CODEC | The offer's video has H264 with packetization-mode=0; H264/90000 with packetization-mode=1 is needed
            a=rtpmap:96 H264/90000    | a=x                   | VIDEO_CODEC | The offer's video has no codec; H264/90000 with packetization-mode=1 is needed
            opus/48000/2              | PCMU/8000             | AUDIO_CODEC | The offer's audio has PCMU; opus/48000/2 is needed
            opus/48000/2              | opus/48000            | AUDIO_CODEC | The offer's audio has opus; opus/48000/2 is needed
            a=group:BUNDLE 0 1        | a=x                   | TRANSPORT   | Audio and video need one transport: the offer lacks a=group:BUNDLE for them
            a=fingerprint:sha-256     | a=fingerprint:sha-1   | TRANSPORT   | The offer needs a=fingerprint with sha-256, sha-384 or sha-512: media goes over DTLS
            a=ice-ufrag:rXzv          | a=ice-ufrag:a:b       | TRANSPORT   | The offer needs a=ice-ufrag (4 to 256) and a=ice-pwd (22 to 256)
            a=ice-pwd:cVQbLqY3m       | a=ice-pwd:            | TRANSPORT   | The offer needs a=ice-ufrag (4 to 256) and a=ice-pwd (22 to 256)
            a=setup:actpass           | a=setup:holdconn      | TRANSPORT   | Unknown a=setup:holdconn
            a=mid:1                   | a=mid:0               | MALFORMED   | Unusable or repeated a=mid:0
            a=mid:1                   | a=mid:<script>        | MALFORMED   | Unusable or repeated a=mid:<script>
            a=sendonly                | a=recvonly            | MALFORMED   | The offer sends nothing: it needs an audio or video section over UDP/TLS/RTP/SAVPF, sendonly or sendrecv, with a=rtcp-mux
            a=sendonly                | a=inactive            | MALFORMED   | The offer sends nothing: it needs an audio or video section over UDP/TLS/RTP/SAVPF, sendonly or sendrecv, with a=rtcp-mux
            UDP/TLS/RTP/SAVPF         | RTP/AVP               | MALFORMED   | The offer sends nothing: it needs an audio or video section over UDP/TLS/RTP/SAVPF, sendonly or sendrecv, with a=rtcp-mux
            a=rtcp-mux                | a=x                   | MALFORMED   | The offer sends nothing: it needs an audio or video section over UDP/TLS/RTP/SAVPF, sendonly or sendrecv, with a=rtcp-mux
            v=0                       | v=1                   | MALFORMED   | Not a session description: it does not begin with v=0
            m=video 57842             | m=video x             | MALFORMED   | Not a session description: m=video x UDP/TLS/RTP/SAVPF 96
            s=-                       | hello                 | MALFORMED   | Not a session description: the line hello
            """)
    void saysWhatIsWrong(String from, String to, Reason reason, String message) {
        String text = Offers.text("obs").replace(from, to);

        SdpException thrown = catchThrowableOfType(SdpException.class, () -> PublishOffer.read(text));

        assertThat(thrown).hasMessage(message);
        assertThat(thrown.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "42e01f 42001f 640028, 42e01f",
        "640028 42e01f, 42e01f",
        "42001f 42e01f, 42e01f",
        "4d001f 42c01f 420029, 42c01f",
        "640028 4d001f, 640028",
        "42E01F, 42E01F",
    })
    void prefersBaseline(String offered, String chosen) throws SdpException {
        String[] profiles = offered.split(" ", -1);
        String formats = IntStream.range(0, profiles.length)
                .mapToObj(i -> Integer.toString(100 + i))
                .collect(Collectors.joining(" "));
        String codecs = IntStream.range(0, profiles.length)
                .mapToObj(i -> "a=rtpmap:%d H264/90000\r\na=fmtp:%d packetization-mode=1; profile-level-id=%s\r\n"
                        .formatted(100 + i, 100 + i, profiles[i]))
                .collect(Collectors.joining());
        String text = Offers.text("obs").replace("SAVPF 96", "SAVPF " + formats) + codecs;

        assertThat(PublishOffer.read(text).video().orElseThrow().formatParameters())
                .isEqualTo("packetization-mode=1; profile-level-id=" + chosen);
    }

    @Test
    void refusesWhatIsTooLarge() {
        String manySections = "v=0\r\n" + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n".repeat(33);
        String manyFormats = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF" + " 0".repeat(129);

        assertThatThrownBy(() -> PublishOffer.read("v".repeat(70_000)))
                .hasMessage("Not a session description: more than 65536 characters");
        assertThatThrownBy(() -> PublishOffer.read(manySections))
                .hasMessage("Not a session description: more than 32 media sections");
        assertThatThrownBy(() -> PublishOffer.read(manyFormats)).hasMessageEndingWith("…");
    }

    @RepeatedTest(500)
    void neverThrowsAnythingElseOnHostileText(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        var text = new StringBuilder(Offers.text(Offers.CLIENTS[random.nextInt(Offers.CLIENTS.length)]));
        for (int i = random.nextInt(1, 12); i > 0; i--) {
            mutate(text, random);
        }

        try {
            PublishOffer offer = PublishOffer.read(text.toString());
            assertThat(offer.media()).hasSizeBetween(1, 2);
        } catch (SdpException refused) {
            assertThat(refused).message().hasSizeLessThan(300).doesNotContain("\r", "\n");
        }
    }

    private static void mutate(StringBuilder text, SplittableRandom random) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
            case 0 -> text.setCharAt(at, (char) random.nextInt(0, 256));
            case 1 -> text.deleteCharAt(at);
            case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(200))));
            case 3 -> text.delete(at, Math.min(text.length(), at + random.nextInt(200)));
            default -> throw new AssertionError();
        }
    }
}
