package dev.understudy.control.credential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a private file says, read again whenever the file has changed. Thread-safe.
 *
 * <p>A file that has gone or become wrong leaves what it said last in force, and is complained of once: a running node
 * must neither lock its operator out nor let everybody in because of a slip of the pen.
 *
 * @param <T> what the text is read into
 */
final class ReloadedFile<T> {
    private static final Logger log = LoggerFactory.getLogger(ReloadedFile.class);

    /** What tells one version of a file from another. */
    private record Stamp(FileTime changedAt, long bytes, Set<PosixFilePermission> permissions, String fileKey) {}

    private record Version<T>(Optional<Stamp> stamp, T value) {}

    private final Path file;
    private final Function<String, T> parser;
    private volatile Version<T> version;

    private ReloadedFile(Path file, Function<String, T> parser, Version<T> version) {
        this.file = file;
        this.parser = parser;
        this.version = version;
    }

    /**
     * Reads the file for the first time.
     *
     * @param parser throws {@link IllegalStateException} with a message for the operator
     * @param ifAbsent what counts until there is a file; empty when there must be one
     * @throws IllegalStateException when others than its owner can read it, or what it says is wrong
     */
    static <T> ReloadedFile<T> open(Path file, Function<String, T> parser, Optional<T> ifAbsent) {
        Optional<Stamp> stamp = stamp(file);
        T value = stamp.isEmpty() && ifAbsent.isPresent() ? ifAbsent.get() : parser.apply(PrivateFile.read(file));
        return new ReloadedFile<>(file, parser, new Version<>(stamp, value));
    }

    /** What counts now. */
    T value() {
        Version<T> current = version;
        // Whether a file is there is a cheaper question than what it is like, when most often it is not. The answer is
        // no
        // for a link that leads nowhere too: what counted goes on either way.
        boolean isTheSame = current.stamp().isPresent() ? stamp(file).equals(current.stamp()) : !Files.exists(file);
        return isTheSame ? current.value() : reload();
    }

    /** The stamp is taken before the text is read: a change in between is seen the next time. */
    private synchronized T reload() {
        Optional<Stamp> stamp = stamp(file);
        T value = version.value();
        if (!stamp.equals(version.stamp())) {
            try {
                value = parser.apply(PrivateFile.read(file));
            } catch (IllegalStateException | UncheckedIOException e) {
                log.atError()
                        .addKeyValue("file", file)
                        .addKeyValue("reason", e.getMessage())
                        .log("changed file was not taken up; what it said before still counts");
            }
            version = new Version<>(stamp, value);
        }
        return value;
    }

    /**
     * Empty when there is no file. Each call asks for it, so that it takes one look at the disk and no exception. A link
     * that leads nowhere is a file that cannot be read, not the absence of one: only the latter lets everybody in.
     */
    private static Optional<Stamp> stamp(Path file) {
        try {
            BasicFileAttributes read = attributes(file);
            if (read == null) {
                read = attributes(file, LinkOption.NOFOLLOW_LINKS);
            }
            return Optional.ofNullable(read).map(ReloadedFile::stamp);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at " + file, e);
        }
    }

    private static @Nullable BasicFileAttributes attributes(Path file, LinkOption... links) throws IOException {
        var provider = file.getFileSystem().provider();
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? provider.readAttributesIfExists(file, PosixFileAttributes.class, links)
                : provider.readAttributesIfExists(file, BasicFileAttributes.class, links);
    }

    private static Stamp stamp(BasicFileAttributes read) {
        Set<PosixFilePermission> permissions =
                read instanceof PosixFileAttributes posix ? posix.permissions() : Set.of();
        return new Stamp(read.lastModifiedTime(), read.size(), permissions, String.valueOf(read.fileKey()));
    }
}
