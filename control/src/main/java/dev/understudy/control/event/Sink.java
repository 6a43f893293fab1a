package dev.understudy.control.event;

import java.net.URI;
import java.util.Optional;

/** Somebody who is told of every event, as an operator has set it. */
public sealed interface Sink {

    /** Names it in metrics, in the log and in the database. */
    String name();

    /**
     * An HTTP endpoint that gets each envelope by POST.
     *
     * @param secret what the signature is made with
     */
    record Webhook(String name, URI url, String secret) implements Sink {

        /** Shows neither the secret nor the path, which some receivers take for one. */
        @Override
        public String toString() {
            return "Webhook[" + name + ", " + url.getHost() + "]";
        }
    }

    /**
     * An event bus of EventBridge, or of anything that takes its PutEvents.
     *
     * @param region that calls are signed for
     * @param source what the events say they come from
     * @param bus name or ARN; the account's default bus where there is none
     */
    record EventBridge(
            String name, URI endpoint, String region, String source, Optional<String> bus, Credentials credentials)
            implements Sink {}

    /** What calls are signed with. */
    record Credentials(String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {

        /** Shows neither secret nor token. */
        @Override
        public String toString() {
            return "Credentials[" + accessKeyId + "]";
        }
    }
}
