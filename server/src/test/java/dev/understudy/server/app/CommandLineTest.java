package dev.understudy.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String line) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(line.split(" "));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            run --dta x              | unknown option '--dta'; did you mean '--data'?             | understudy run --help
            run --http 8480          | --http: '8480' is not HOST:PORT, for example 127.0.0.1:8480 | understudy run --help
            run --http h:99999       | --http: port 99999 is not one of 0 to 65535                | understudy run --help
            run --account 12         | --account: '12' is not 12 digits                           | understudy run --help
            run --region moon        | --region: 'moon' is not of the form us-east-1              | understudy run --help
            run --media-port 70000   | --media-port: '70000' is not 0 to 65535                    | understudy run --help
            run --media-host 0.0.0.0 | --media-host: '0.0.0.0' is not one address of this machine, not the wildcard | understudy run --help
            run --public-url ftp://x | --public-url: 'ftp://x' is not an http or https URL        | understudy run --help
            run --quota stages       | Invalid value for option '--quota' (NAME=N): 'stages' is not NAME=N or NAME=unlimited | understudy run --help
            run --quota stages=few   | Invalid value for option '--quota' (NAME=N): 'few' is not a number of at most nine digits or unlimited | understudy run --help
            run --quota stage=9      | Invalid value for option '--quota' (NAME=N): no quota is called 'stage'; there are stages, publishers-per-stage, replications-per-participant, public-keys, ingest-configurations, encoder-configurations, storage-configurations, compositions, compositions-per-stage, channels, recording-configurations, playback-key-pairs, playback-restriction-policies, ad-configurations | understudy run --help
            demo --participants 13   | --participants: '13' is not 1 to 12                        | understudy demo --help
            demo --seconds 0         | --seconds: '0' is not 1 or more                            | understudy demo --help
            demo --secnds 5          | unknown option '--secnds'; did you mean '--seconds'?       | understudy demo --help
            publish --whip ftp://a   | --whip: 'ftp://a' is not an http or https URL              | understudy publish --help
            rnu                      | unknown argument 'rnu'; did you mean 'run'?                | understudy --help
            publish --whip http://a --token t --seconds -1 | --seconds: '-1' is not 1 or more | understudy publish --help
            demon                    | unknown argument 'demon'; did you mean 'demo'?             | understudy --help
            """)
    void aWrongCommandLineNamesWhatIsWrongAndWhereHelpIs(String line, String message, String help) {
        int status = execute(line);

        assertThat(err).hasToString("understudy: " + message + "\nSee: " + help + "\n");
        assertThat(status).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "run --help", "demo --help", "publish --help"})
    void helpIsForEveryCommand(String line) {
        assertThat(execute(line)).isZero();
        assertThat(out.toString()).startsWith("Usage: understudy");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            data/credentials   | data/credentials
            my data/it's/$HOME | 'my data/it'\\''s/$HOME'
            """)
    void aPathIsShownAsAShellTakesIt(String path, String word) {
        assertThat(RunCommand.shellWord(Path.of(path))).isEqualTo(word);
    }

    @Test
    void publishNeedsAToken() {
        assertThat(execute("publish --whip http://127.0.0.1/whip")).isEqualTo(2);
        assertThat(err.toString()).contains("--token").contains("UNDERSTUDY_TOKEN");
    }
}
