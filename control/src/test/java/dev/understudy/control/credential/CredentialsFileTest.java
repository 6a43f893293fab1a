package dev.understudy.control.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import dev.understudy.control.credential.CredentialsFile.Credentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsFileTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("credentials");
    }

    private CredentialsFile open() {
        return CredentialsFile.open(file, "eu-west-1", URI.create("http://127.0.0.1:8080"), new SecureRandom());
    }

    private void write(String text, String permissions) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void aFreshFileSendsSdksHere() throws IOException {
        Credentials made = open().credentials().getFirst();

        assertThat(Files.readString(file)).isEqualTo("""
                        [default]
                        aws_access_key_id = %s
                        aws_secret_access_key = %s
                        region = eu-west-1
                        endpoint_url = http://127.0.0.1:8080
                        """.formatted(made.accessKeyId(), made.secretAccessKey()));
        assertThat(made.profile()).isEqualTo("default");
        assertThat(made.accessKeyId()).matches("AKIA[A-Z2-7]{16}");
        assertThat(made.secretAccessKey()).matches("[A-Za-z0-9+/]{40}");
        assertThat(made.toString()).doesNotContain(made.secretAccessKey());
    }

    @Test
    void aFreshFileIsItsOwnersAlone() throws IOException {
        open();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFileThatIsThereStays() {
        CredentialsFile first = open();

        assertThat(open().credentials()).isEqualTo(first.credentials());
    }

    @Test
    void everyWholeProfileCounts() throws IOException {
        write("""
                # comment
                aws_access_key_id = lost
                [default]
                aws_access_key_id=A
                aws_secret_access_key = a=b=
                [ profile two ]
                  aws_access_key_id = B
                ; comment
                aws_secret_access_key = b
                aws_session_token = t
                nonsense
                [half]
                aws_access_key_id = C
                """, "rw-------");

        assertThat(open().credentials())
                .containsExactly(
                        new Credentials("default", "A", "a=b=", Optional.empty()),
                        new Credentials("profile two", "B", "b", Optional.of("t")));
        assertThat(open().find("B")).isPresent();
        assertThat(open().find("C")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
    void refusesAFileThatOthersCanTouch(String permissions) throws IOException {
        write("[default]\naws_access_key_id = A\naws_secret_access_key = a\n", permissions);

        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        file + " can be read by others than its owner (" + permissions + "); run: chmod 600 " + file);
    }

    @Test
    void refusesAFileWithoutAKey() throws IOException {
        write("[default]\nregion = x\n", "rw-------");

        assertThatThrownBy(this::open)
                .hasMessage(file + " has no profile with aws_access_key_id and aws_secret_access_key");
    }

    @Test
    void refusesTwoProfilesWithOneKey() throws IOException {
        write("""
                [default]
                aws_access_key_id = A
                aws_secret_access_key = a
                [ci]
                aws_access_key_id = A
                aws_secret_access_key = b
                """, "rw-------");

        assertThatThrownBy(this::open)
                .hasMessage(file + ": the profiles default and ci have the same aws_access_key_id, A");
    }

    @Test
    void refusesAFileThatAnotherUserHasPutThere() throws IOException {
        write("[default]\naws_access_key_id = A\naws_secret_access_key = a\n", "rw-------");
        assumeTrue(new UnixSystem().getUid() == 0, "only root can give a file away");
        Files.setAttribute(file, "unix:uid", 65_534);

        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(file + " belongs to another user (")
                .hasMessageEndingWith("); run: chown root " + file);

        Files.setAttribute(directory, "unix:uid", 65_534);
        assertThat(open().find("A")).as("of a file of the folder's owner").isPresent();
    }

    @Test
    void refusesALinkThatLeadsNowhere() throws IOException {
        Files.createSymbolicLink(file, directory.resolve("missing"));

        assertThatThrownBy(this::open).hasMessage(file + " is a link to no file");
    }

    @Test
    void aChangedKeyCounts() throws IOException {
        CredentialsFile credentials = open();
        change("[default]\naws_access_key_id = A\naws_secret_access_key = a\n");

        assertThat(credentials.credentials()).containsExactly(new Credentials("default", "A", "a", Optional.empty()));
    }

    @Test
    void aSpoiltFileLeavesTheLastKeysInForce() throws IOException {
        CredentialsFile credentials = open();
        var before = credentials.credentials();

        change("");
        assertThat(credentials.credentials()).isEqualTo(before);
        Files.delete(file);
        assertThat(credentials.credentials()).isEqualTo(before);
    }

    private void change(String text) throws IOException {
        FileTime later = FileTime.fromMillis(Files.getLastModifiedTime(file).toMillis() + 2_000);
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, later);
    }

    @RepeatedTest(200)
    void parsesAnyTextWithoutThrowing(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        StringBuilder text = new StringBuilder();
        String letters = "[]=\n \u0000#;ab";
        random.ints(random.nextInt(0, 200), 0, letters.length()).forEach(i -> text.append(letters.charAt(i)));

        assertThat(CredentialsFile.parse(text.toString())).isNotNull();
    }
}
