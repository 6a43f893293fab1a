package dev.understudy.server.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A bucket that is a directory; each key is the path of a file in it. Thread-safe.
 *
 * <p>A file is written under another name, forced to disk, renamed to its own, and its directory forced to disk: after a
 * power failure it is there as a whole or not at all. A symbolic link is followed only where it stays inside the bucket.
 */
public final class DirectoryBucket implements Bucket {
    /** How names of files begin that are still being written; no key has such a name. */
    static final String INCOMING = ".incoming-";

    private final Path root;

    /** The bucket in a directory that exists. */
    public DirectoryBucket(Path directory) throws IOException {
        root = directory.toRealPath();
    }

    @Override
    public void put(String key, byte[] content) throws IOException {
        List<String> names = Key.of(key).names();
        try {
            write(makeDirectory(key, names.subList(0, names.size() - 1)), names.getLast(), content);
        } catch (IOException e) {
            throw DiskFull.isCauseOf(e) ? new BucketFullException(key, content.length, root.toString(), e) : e;
        }
    }

    /** The real directory of a key, made where it is not there yet. */
    private Path makeDirectory(String key, List<String> names) throws IOException {
        Path directory = root;
        for (String name : names) {
            Path next = directory.resolve(name);
            try {
                Files.createDirectory(next);
                force(directory);
            } catch (FileAlreadyExistsException _) {
                // made before, or by another thread just now
            }
            directory = inside(key, next);
        }
        return directory;
    }

    private Path inside(String key, Path path) throws IOException {
        Path real = path.toRealPath();
        if (!real.startsWith(root)) {
            throw new IOException("the key " + key + " leads out of the bucket " + root + " by a symbolic link");
        }
        return real;
    }

    private static void write(Path directory, String name, byte[] content) throws IOException {
        Path target = directory.resolve(name);
        Path incoming = Files.createTempFile(directory, INCOMING, "");
        try {
            try (FileChannel file = FileChannel.open(incoming, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
                file.force(true);
            }
            Files.move(incoming, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(incoming);
        }
        force(directory);
    }

    /** Makes a directory's entries survive a power failure. */
    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Optional<byte[]> get(String key) throws IOException {
        Path path = path(key);
        try {
            boolean isFile = Files.exists(path) && Files.isRegularFile(inside(key, path));
            return isFile ? Optional.of(Files.readAllBytes(path)) : Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty(); // deleted just now
        }
    }

    @Override
    public List<String> list(String prefix) throws IOException {
        int folderLength = prefix.lastIndexOf('/') + 1;
        Path folder = folderLength == 0 ? root : path(prefix.substring(0, folderLength - 1));
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        return filesBelow(folder).stream()
                .filter(file -> !isIncoming(file))
                .map(file -> root.relativize(file).toString().replace('\\', '/'))
                .filter(key -> key.startsWith(prefix))
                .sorted()
                .toList();
    }

    private static boolean isIncoming(Path file) {
        return file.getFileName().toString().startsWith(INCOMING);
    }

    /** All regular files in a folder and those below it; what goes away while this looks is not among them. */
    private static List<Path> filesBelow(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException cause) throws IOException {
                if (cause instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw cause;
            }
        });
        return files;
    }

    private Path path(String key) {
        Path path = root;
        for (String name : Key.of(key).names()) {
            path = path.resolve(name);
        }
        return path;
    }

    @Override
    public int removeLeftovers(String folder) throws IOException {
        Path directory = path(folder);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        List<Path> leftovers = filesBelow(directory).stream()
                .filter(DirectoryBucket::isIncoming)
                .toList();
        for (Path leftover : leftovers) {
            Files.deleteIfExists(leftover);
        }
        return leftovers.size();
    }
}
