package dev.understudy.server.worker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder, open to this user alone, where workers' sockets lie until they are connected. Thread-safe. */
final class SocketFolder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SocketFolder.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    /** The longest path a Unix domain socket can have, its final zero included, is 108 bytes. */
    private static final int MAX_SOCKET_PATH_BYTES = 107;

    private final Path path;
    private final AtomicLong numbers = new AtomicLong();

    private SocketFolder(Path path) {
        this.path = path;
    }

    /** A new one, which stays behind when this process is killed. */
    static SocketFolder temporary() throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
        Path made = Files.createTempDirectory("understudy-", ownerOnly);
        if (isShortEnough(made)) {
            return new SocketFolder(made);
        }
        Files.delete(made);
        return new SocketFolder(Files.createTempDirectory(Path.of("/tmp"), "understudy-", ownerOnly));
    }

    /**
     * This one, which must be nobody else's, emptied of what a killed process left; a temporary one where the path is
     * too long for a socket or the file system has none.
     */
    static SocketFolder at(Path preferred) throws IOException {
        Path path = preferred.toAbsolutePath();
        if (!isShortEnough(path)) {
            return temporary();
        }
        try {
            prepare(path);
            SocketFolder folder = new SocketFolder(path);
            tryOut(folder.next());
            return folder;
        } catch (IOException e) {
            log.atWarn().addKeyValue("folder", path).setCause(e).log("folder could not hold sockets, /tmp does");
            return temporary();
        }
    }

    private static boolean isShortEnough(Path folder) {
        byte[] longest = folder.resolve("0000000000").toString().getBytes(StandardCharsets.UTF_8);
        return longest.length <= MAX_SOCKET_PATH_BYTES;
    }

    private static void prepare(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            return;
        }
        Files.setPosixFilePermissions(path, OWNER_ONLY);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(path, "[0-9]*")) {
            for (Path socket : left) {
                Files.delete(socket);
            }
        }
    }

    private static void tryOut(Path socket) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
        } finally {
            Files.deleteIfExists(socket);
        }
    }

    /** Where no socket has been yet. */
    Path next() {
        return path.resolve(Long.toString(numbers.incrementAndGet()));
    }

    /** Takes the folder away. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            log.atWarn().addKeyValue("folder", path).setCause(e).log("workers' folder was not empty");
        }
    }
}
