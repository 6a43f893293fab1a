package dev.understudy.server.storage;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Objects;

/** Tells a full disk from other failures. Java has no exception for it, only the system's own words. */
final class DiskFull {
    /** Of strerror in the C locale, and of Windows. */
    private static final List<String> WORDS =
            List.of("No space left on device", "Disk quota exceeded", "There is not enough space on the disk");

    private DiskFull() {}

    static boolean isCauseOf(IOException failure) {
        String said = Objects.requireNonNullElse(
                failure instanceof FileSystemException inFile ? inFile.getReason() : failure.getMessage(), "");
        return WORDS.stream().anyMatch(said::contains);
    }
}
