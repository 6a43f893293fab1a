package dev.understudy.server.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** All buckets of a server that keeps them on disk: one directory each, named for the bucket. Thread-safe. */
public final class DirectoryBuckets {
    /** The rules of S3 for general purpose buckets. What they leave is safe as the name of a directory. */
    private static final Pattern NAME =
            Pattern.compile("(?!.*\\.\\.)(?!\\d+\\.\\d+\\.\\d+\\.\\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    private final Path root;

    /** Keeps the buckets under {@code root}, which is made with the first of them. */
    public DirectoryBuckets(Path root) {
        this.root = root;
    }

    public static boolean isValidName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The bucket of that name; empty when there is none. */
    public Optional<DirectoryBucket> find(String name) throws IOException {
        Path directory = directory(name);
        return Files.isDirectory(directory) ? Optional.of(new DirectoryBucket(directory)) : Optional.empty();
    }

    /** The bucket of that name, made where it is not there yet. */
    public DirectoryBucket open(String name) throws IOException {
        Path directory = directory(name);
        return new DirectoryBucket(Files.isDirectory(directory) ? directory : Files.createDirectories(directory));
    }

    private Path directory(String name) {
        if (!isValidName(name)) {
            throw new IllegalArgumentException("no valid bucket name: " + name.replaceAll("\\p{Cntrl}", "?"));
        }
        return root.resolve(name);
    }
}
