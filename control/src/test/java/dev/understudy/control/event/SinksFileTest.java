package dev.understudy.control.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SinksFileTest {
    private static final String WEBHOOK =
            "{'type': 'webhook', 'name': 'w', 'url': 'https://example.org/in', 'secret': '0123456789abcdef'}";
    private static final String BUS = """
            {'type': 'eventbridge', 'name': 'b', 'endpoint': 'https://events.eu-west-1.amazonaws.com',
             'region': 'eu-west-1', 'source': 'understudy.ivs', 'accessKeyId': 'AKID', 'secretAccessKey': 'hidden'}""";

    @TempDir
    private Path directory;

    private Path file(String singleQuoted) throws IOException {
        Path file = directory.resolve("sinks.json");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, singleQuoted.replace('\'', '"'));
    }

    @Test
    void noFileIsNoSink() {
        assertThat(SinksFile.read(directory.resolve("sinks.json"))).isEmpty();
    }

    @Test
    void readsBothKinds() throws IOException {
        assertThat(SinksFile.read(file("{'sinks': [" + WEBHOOK + ", " + BUS + "]}")))
                .containsExactly(
                        new Sink.Webhook("w", URI.create("https://example.org/in"), "0123456789abcdef"),
                        new Sink.EventBridge(
                                "b",
                                URI.create("https://events.eu-west-1.amazonaws.com"),
                                "eu-west-1",
                                "understudy.ivs",
                                Optional.empty(),
                                new Sink.Credentials("AKID", "hidden", Optional.empty())));
    }

    @Test
    void showsNoSecret() throws IOException {
        assertThat(SinksFile.read(file("{'sinks': [" + WEBHOOK + ", " + BUS + "]}"))
                        .toString())
                .doesNotContain("0123456789abcdef", "hidden", "/in");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            no JSON                     | {'sinks': ['0123456789abcdef                   | is not valid JSON near line 1
            a member twice              | {'sinks': [], 'sinks': []}                     | is not valid JSON near line 1
            no list                     | {'sinks': {}}                                  | : sinks must be a list
            another member              | {'sinks': [], 'sink': []}                      | : the file has an unknown member; known are sinks
            no object                   | {'sinks': [1]}                                 | : sinks[0].type must be webhook or eventbridge
            another type                | {'sinks': [{'type': 'smtp'}]}                  | : sinks[0].type must be webhook or eventbridge
            no name                     | {'sinks': [{'type': 'webhook', 'secret': '0123456789abcdef'}]} | : sinks[0].name is missing
            """)
    void refusesAWrongFile(String fault, String text, String message) throws IOException {
        Path file = file(text);

        assertThatThrownBy(() -> SinksFile.read(file))
                .as(fault)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(file + (message.startsWith(":") ? message : " " + message));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'w'                         | 'a b'                          | name must be 1 to 64 letters, digits, '-' and '_'
            'w'                         | ''                             | name must be a text that is not empty
            'w'                         | 7                              | name must be a text that is not empty
            'https://example.org/in'    | 'ftp://example.org'            | url must be an http or https URL with a host
            'https://example.org/in'    | 'https://example org'          | url must be an http or https URL
            'https://example.org/in'    | 'https:///in'                  | url must be an http or https URL with a host
            'https://example.org/in'    | 'https://example.org:0/in'     | url must be an http or https URL with a host
            'https://example.org/in'    | 'https://example.org:65536/in' | url must be an http or https URL with a host
            'https://example.org/in'    | 'https://example.org/für'      | url must be ASCII; write anything else percent-encoded
            'https://example.org/in'    | 'https://me:pw@example.org/in' | url must not contain a user or a password
            '0123456789abcdef'          | 'short'                        | secret must have 16 characters or more
            """)
    void refusesAWrongWebhook(String right, String wrong, String message) throws IOException {
        Path file = file("{'sinks': [" + WEBHOOK.replace(right, wrong) + "]}");

        assertThatThrownBy(() -> SinksFile.read(file)).hasMessage(file + ": sinks[0]." + message);
    }

    @ParameterizedTest
    @CsvSource({
        "https://events.us-east-1.amazonaws.com",
        "https://events.cn-north-1.amazonaws.com.cn",
        "https://events.us-east-1.api.aws",
        "https://vpce-1.events.us-east-1.vpce.amazonaws.com",
        "https://events.eu-west-1.AMAZONAWS.COM",
        "https://events.eu-west-1.amazonaws.com.",
        "https://events.eu-west-1.API.aws.:443",
    })
    void refusesASourceThatEventBridgeWouldRefuse(String endpoint) throws IOException {
        Path file = file("{'sinks': ["
                + BUS.replace("understudy.ivs", "aws.ivs").replace("https://events.eu-west-1.amazonaws.com", endpoint)
                + "]}");

        assertThatThrownBy(() -> SinksFile.read(file))
                .hasMessageStartingWith(file + ": sinks[0].source begins with 'aws.', which EventBridge refuses");
    }

    @Test
    void takesTheSourceOfAwsForABusThatIsNotOfAws() throws IOException {
        String local = BUS.replace("understudy.ivs", "aws.ivs")
                .replace("https://events.eu-west-1.amazonaws.com", "http://localhost:4566");

        assertThat(SinksFile.read(file("{'sinks': [" + local + "]}"))).hasSize(1);
    }

    @Test
    void refusesTwoSinksOfOneName() throws IOException {
        Path file = file("{'sinks': [" + WEBHOOK + ", " + WEBHOOK + "]}");

        assertThatThrownBy(() -> SinksFile.read(file))
                .hasMessage(file + ": sinks[1].name is the name of another sink, too");
    }

    @Test
    void refusesALinkThatLeadsNowhere() throws IOException {
        Path file = Files.createSymbolicLink(directory.resolve("sinks.json"), directory.resolve("missing"));

        assertThatThrownBy(() -> SinksFile.read(file)).hasMessage(file + " is a link to no file");
    }

    @Test
    void refusesAFileThatOthersCanRead() throws IOException {
        Path file = file("{'sinks': []}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> SinksFile.read(file)).hasMessageContaining("can be read by others than its owner");
    }
}
