package dev.understudy.control.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.Control;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewerSessionsTest {
    @TempDir
    private Path directory;

    private Control control;
    private String channel;

    @BeforeEach
    void open() {
        control = new Control(directory);
        channel = control.ask("CreateChannel", "{}").at("/channel/arn").stringValue();
    }

    @AfterEach
    void close() {
        control.close();
    }

    private static String session(String channelArn, String viewer, String more) {
        return "{'channelArn': '" + channelArn + "', 'viewerId': '" + viewer + "'" + more + "}";
    }

    /** As {@code viewer version}, oldest first. */
    private List<String> revoked() {
        return control.base
                .store()
                .read(h -> h.createQuery(
                                "SELECT viewer_id || ' ' || version FROM viewer_session_revocation ORDER BY seq")
                        .mapTo(String.class)
                        .list());
    }

    @Test
    void aRevocationIsKeptWithItsHighestVersion() {
        String versions = ", 'viewerSessionVersionsLessThanOrEqualTo': ";

        assertThat(control.call("StartViewerSessionRevocation", session(channel, "alice", "")))
                .isEqualTo("200 {}");
        assertThat(revoked()).containsExactly("alice 0");
        control.ask("StartViewerSessionRevocation", session(channel, "alice", versions + "7"));
        control.ask("StartViewerSessionRevocation", session(channel, "alice", versions + "3"));
        assertThat(revoked()).containsExactly("alice 7");
    }

    @Test
    void aChannelThatIsNotThereIsNotFound() {
        assertThat(control.call("StartViewerSessionRevocation", session(channel + "x", "alice", "")))
                .isEqualTo("404 ResourceNotFoundException: Resource: " + channel + "x not found");
    }

    @Test
    void aBatchRevokesWhatItCanAndNamesTheRest() {
        String others = channel.replace("123456789012", "999999999999");

        assertThat(control.ask(
                        "BatchStartViewerSessionRevocation",
                        "{'viewerSessions': [" + session(channel + "x", "eve", "") + ", "
                                + session(channel, "alice", "") + ", " + session(others, "bob", "") + "]}"))
                .isEqualTo(Control.json("""
                        {'errors': [
                            {'channelArn': '%sx', 'viewerId': 'eve', 'code': 'ResourceNotFoundException',
                             'message': 'Resource: %sx not found'},
                            {'channelArn': '%s', 'viewerId': 'bob', 'code': 'AccessDeniedException',
                             'message': 'Resource: %s belongs to another account'}]}""".formatted(channel, channel, others, others)));
        assertThat(revoked()).containsExactly("alice 0");
    }

    @Test
    void aBatchWithoutErrorsSaysSo() {
        assertThat(control.call(
                        "BatchStartViewerSessionRevocation",
                        "{'viewerSessions': [" + session(channel, "alice", "") + "]}"))
                .isEqualTo("200 {\"errors\":[]}");
    }

    @Test
    void revocationsGoWithTheirChannel() {
        control.ask("StartViewerSessionRevocation", session(channel, "alice", ""));

        control.status("DeleteChannel", "{'arn': '" + channel + "'}");

        assertThat(revoked()).isEmpty();
    }
}
