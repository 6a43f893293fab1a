package dev.understudy.server.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpAnswerTest {
    private static HttpAnswer read(String text) throws IOException {
        return HttpAnswer.read(
                new ByteArrayInputStream(text.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "length, HTTP/1.1 200 OK|Content-Length: 2|X: y||okrest, 200, ok",
        "until the end, HTTP/1.0 500 Oh||no, 500, no",
        "no reason, HTTP/1.1 404||, 404, ''",
        "no body, HTTP/1.1 204 No Content|Content-Length: 5||, 204, ''",
        "an interim answer first, HTTP/1.1 100 Continue||HTTP/1.1 200 OK|content-length: 1||a, 200, a",
        "chunks, HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|ok|3;x=y|abc|0||, 200, okabc",
        "shorter than it said, HTTP/1.1 200 OK|Content-Length: 9||ok, 200, ok",
    })
    void reads(String name, String text, int status, String body) throws IOException {
        HttpAnswer answer = read(text);

        assertThat(answer.status()).as(name).isEqualTo(status);
        assertThat(new String(answer.body(), StandardCharsets.US_ASCII)).isEqualTo(body);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nothing, '', the connection ended before the answer did",
        "another protocol, SSH-2.0-OpenSSH|, the answer is not HTTP/1.1",
        "no end of the head, HTTP/1.1 200 OK|A: b|, the connection ended before the answer did",
        "a chunk without length, HTTP/1.1 200 OK|Transfer-Encoding: chunked||zz|, a chunk of the answer has no length",
    })
    void refuses(String name, String text, String message) {
        assertThatThrownBy(() -> read(text))
                .as(name)
                .isInstanceOf(IOException.class)
                .hasMessage(message);
    }

    @Test
    void readsNoMoreOfABodyThanItNeeds() throws IOException {
        String endless = "x".repeat(HttpAnswer.MAX_BODY_BYTES + 1_000);

        assertThat(read("HTTP/1.1 200 OK||" + endless).body()).hasSize(HttpAnswer.MAX_BODY_BYTES);
        assertThat(read("HTTP/1.1 200 OK|Content-Length: 999999999||" + endless).body())
                .hasSize(HttpAnswer.MAX_BODY_BYTES);
        assertThat(read("HTTP/1.1 200 OK|Transfer-Encoding: chunked||ffffffff|" + endless + "|")
                        .body())
                .hasSize(HttpAnswer.MAX_BODY_BYTES);
    }

    @Test
    void theStatusIsKnownBeforeTheBodyIsRead() throws IOException {
        var answer = new ByteArrayInputStream("HTTP/1.1 100 C\r\n\r\nHTTP/1.1 202 A\r\nContent-Length: 9\r\n\r\nbody"
                .getBytes(StandardCharsets.ISO_8859_1));

        assertThat(HttpAnswer.readStatus(answer)).isEqualTo(202);
        assertThat(answer.available()).isEqualTo("body".length());
    }

    @Test
    void readsNoEndlessHead() {
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK|" + "A: b|".repeat(1_000)))
                .hasMessageContaining("header lines");
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK|A: " + "b".repeat(100_000) + "||"))
                .hasMessage("an overlong line");
    }

    @RepeatedTest(200)
    void onlyEverThrowsIoExceptionsOnHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        StringBuilder text = new StringBuilder("HTTP/1.1 200 OK|Transfer-Encoding: chunked||4|abcd|0||");
        for (int i = random.nextInt(6); i > 0; i--) {
            text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
        }

        try {
            assertThat(read(text.toString()).status()).isBetween(200, 599);
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }
}
