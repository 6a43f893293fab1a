package dev.understudy.server.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder with everything that outlasts a restart, and what is where in it.
 *
 * <pre>
 * DIR/                     mode 700
 *   understudy.db          stages, configurations, compositions, participants
 *   node.key               what tokens and page tokens are signed with
 *   credentials            an AWS shared-credentials file
 *   permissions.json       what its profiles may do; without it, everything
 *   sinks.json             who is told of events; mode 600, written by the operator
 *   buckets/NAME/KEY       recordings
 *   run/                   mode 700: workers' sockets, while a node runs
 * </pre>
 */
record DataFolder(Path path) {
    private static final Logger log = LoggerFactory.getLogger(DataFolder.class);

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    /** With what SQLite and unfinished writes leave beside the files. */
    private static final Pattern CONTENT = Pattern.compile(
            "(understudy\\.db|node\\.key|credentials|permissions\\.json|sinks\\.json)([.-].*)?|buckets|run");

    /** Makes the folder if there is none, for its owner alone; one that is open to others is closed to them. */
    static DataFolder open(Path path) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new StartException("--data: " + path + " is a file and should be a folder");
        }
        try {
            make(path);
        } catch (IOException e) {
            throw new StartException("--data: " + path + " cannot be made: " + e, e);
        }
        try {
            closeToOthers(path);
        } catch (IOException e) {
            throw new StartException("--data: " + path + " cannot be kept from other users: " + e, e);
        }
        if (!Files.isWritable(path)) {
            throw new StartException("--data: " + path + " cannot be written to by this user");
        }
        return new DataFolder(path);
    }

    private static void make(Path path) throws IOException {
        if (!Files.exists(path)) {
            Path parent = path.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        }
    }

    /**
     * Whoever may write to the folder can put rights of their own in it, and whoever may read it sees recordings. A folder
     * with something else in it is left as it is: {@code --data .} must not lock others out of a project.
     */
    private static void closeToOthers(Path path) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        if (OWNER_ONLY.containsAll(permissions)) {
            return;
        }
        String shown = PosixFilePermissions.toString(permissions);
        if (!isOfNode(path)) {
            throw new StartException("--data: " + path + " is open to others than its owner (" + shown
                    + ") and there are files in it that are no node's; name another folder, or run: chmod 700 " + path);
        }
        Files.setPosixFilePermissions(path, OWNER_ONLY);
        log.atWarn()
                .addKeyValue("folder", path)
                .addKeyValue("before", shown)
                .log("the data folder was open to other users and is its owner's alone now");
    }

    private static boolean isOfNode(Path path) throws IOException {
        try (Stream<Path> content = Files.list(path)) {
            return content.allMatch(
                    file -> CONTENT.matcher(file.getFileName().toString()).matches());
        }
    }

    Path database() {
        return path.resolve("understudy.db");
    }

    Path nodeKey() {
        return path.resolve("node.key");
    }

    Path credentials() {
        return path.resolve("credentials");
    }

    Path permissions() {
        return path.resolve("permissions.json");
    }

    Path sinks() {
        return path.resolve("sinks.json");
    }

    Path buckets() {
        return path.resolve("buckets");
    }

    Path sockets() {
        return path.resolve("run");
    }
}
