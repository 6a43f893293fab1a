package dev.understudy.server.app;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: {@code understudy run | demo | publish}. */
@Command(
        name = "understudy",
        description = "A self-hosted stand-in for Amazon IVS Real-Time Streaming.",
        mixinStandardHelpOptions = true,
        version = "understudy 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RunCommand.class, DemoCommand.class, PublishCommand.class, RehearseCommand.class},
        footer = {
            "  test     Builds everything and runs all tests.",
            "",
            "Try first: ./understudy demo --seconds 20",
            "Each command explains itself: ./understudy run --help"
        })
public final class Main {
    private static final String LOG_CONFIGURATION = "logback.configurationFile";

    private Main() {}

    /** Exit status: 0 done, 1 it did not work (one line says why), 2 the command line was wrong. */
    public static void main(String[] arguments) {
        configureLog();
        System.exit(commandLine().execute(arguments));
    }

    /** Only here: where a node runs in the process of somebody's tests, the log is theirs. Before the first logger. */
    private static void configureLog() {
        if (System.getProperty(LOG_CONFIGURATION) == null) {
            System.setProperty(LOG_CONFIGURATION, "dev/understudy/server/app/logback.xml");
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setUsageHelpWidth(100)
                .setExecutionExceptionHandler(Main::explain)
                .setParameterExceptionHandler(Main::correct)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Names what is wrong with the command line, the right option where one is near, and where help is. */
    private static int correct(ParameterException e, String[] ignored) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("understudy: " + message(e));
        err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String message(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return String.valueOf(e.getMessage());
        }
        String wrong = unmatched.getUnmatched().getFirst();
        boolean isOption = wrong.startsWith("-");
        String near = isOption
                ? Nearest.to(wrong.replaceFirst("=.*", ""), optionNames(e.getCommandLine()))
                : Nearest.to(wrong, e.getCommandLine().getSubcommands().keySet());
        return (isOption ? "unknown option '" : "unknown argument '") + wrong + "'"
                + (near.isEmpty() ? "" : "; did you mean '" + near + "'?");
    }

    private static List<String> optionNames(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .map(CommandLine.Model.OptionSpec::longestName)
                .toList();
    }

    /** What an operator can do something about is one line; anything else is a fault of ours and shows its trace. */
    private static int explain(Exception e, CommandLine command, CommandLine.ParseResult ignored) {
        PrintWriter err = command.getErr();
        if (e instanceof StartException) {
            err.println("understudy: " + e.getMessage());
        } else {
            e.printStackTrace(err);
        }
        return 1;
    }
}
