package dev.understudy.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookTest {

    @ParameterizedTest
    @CsvSource({
        "200, 'Delivered[]'",
        "202, 'Delivered[]'",
        "204, 'Delivered[]'",
        "302, 'Refused[why=answered 302: redirects are not followed]'",
        "400, 'Refused[why=answered 400]'",
        "404, 'Refused[why=answered 404]'",
        "408, 'Failed[why=answered 408]'",
        "425, 'Failed[why=answered 425]'",
        "429, 'Unreachable[why=answered 429]'",
        "500, 'Failed[why=answered 500]'",
        "502, 'Unreachable[why=answered 502]'",
        "503, 'Unreachable[why=answered 503]'",
    })
    void anAnswerSaysWhatBecameOfAnEvent(int status, String outcome) {
        assertThat(Webhook.outcome(status)).hasToString(outcome);
    }
}
