package dev.understudy.protocol.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionDescriptionTest {
    @ParameterizedTest
    @ValueSource(strings = {"chromium", "firefox", "obs", "gstreamer", "ffmpeg", "simple-whip-client", "aiortc"})
    void writesWhatItReads(String client) throws SdpException {
        assertThat(SessionDescription.parse(Offers.text(client)).text()).isEqualTo(Offers.text(client));
    }

    @Test
    void readsLinesEndedByLfAlone() throws SdpException {
        String text = Offers.text("obs");

        assertThat(SessionDescription.parse(text.replace("\r", "\n")).text()).isEqualTo(text);
        assertThat(SessionDescription.parse(text.replace("\r\n", "\n")).text()).isEqualTo(text);
    }

    @Test
    void looksForAnAttributeInTheSectionAndThenInTheSession() throws SdpException {
        var description =
                SessionDescription.parse("v=0\na=x:session\na=y\nm=audio 9/2 RTP/AVP 0 8\na=x:section\na=xy:1\n");
        var section = description.sections().getFirst();

        assertThat(description.attribute(section, "x")).hasValue("section");
        assertThat(description.attribute(section, "y")).hasValue("");
        assertThat(description.attribute(section, "z")).isEmpty();
        assertThat(section.formats()).containsExactly("0", "8");
        assertThat(section.port()).isEqualTo(9);
    }
}
