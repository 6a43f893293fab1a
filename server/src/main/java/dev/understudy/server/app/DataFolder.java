package dev.understudy.server.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

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
    /** Makes the folder if there is none, for its owner alone. */
    static DataFolder open(Path path) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new StartException("--data: " + path + " is a file and should be a folder");
        }
        try {
            make(path);
        } catch (IOException e) {
            throw new StartException("--data: " + path + " cannot be made: " + e, e);
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
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
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
