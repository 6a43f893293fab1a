package dev.understudy.control.credential;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Files with secrets: made readable for their owner alone, and refused when others can read them or have put them there.
 */
public final class PrivateFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    /** The user who can do everything anyway. */
    private static final long ROOT = 0;

    private PrivateFile() {}

    /**
     * Makes a file with this text, whole or not at all: it is written and flushed under another name first. The file that
     * another process has made meanwhile stays.
     */
    public static void create(Path file, String text) {
        Path draft = draft(file);
        try {
            Files.deleteIfExists(draft);
            write(draft, text);
            publish(draft, file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Replaces a file's text, or makes the file; a reader finds the old text or the new one and nothing between. */
    public static void replace(Path file, String text) {
        Path draft = draft(file);
        try {
            Files.deleteIfExists(draft);
            write(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static Path draft(Path file) {
        return file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid() + ".new");
    }

    /**
     * The text of a file.
     *
     * @throws IllegalStateException when there is none, when others than its owner can read it, or when somebody has put
     *     it there who is neither the user that this process runs as, nor root, nor the owner of the folder
     */
    public static String read(Path file) {
        try {
            checkPrivate(file);
            checkOwner(file);
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IllegalStateException(
                    Files.isSymbolicLink(file) ? file + " is a link to no file" : "there is no file " + file, e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** A link fails where the name is taken, which renaming does not. */
    private static void publish(Path draft, Path file) throws IOException {
        try {
            Files.createLink(file, draft);
            Files.delete(draft);
        } catch (FileAlreadyExistsException e) {
            Files.delete(draft);
        } catch (UnsupportedOperationException e) {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void write(Path file, String text) throws IOException {
        FileAttribute<?>[] attributes = isPosix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, attributes)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static void checkPrivate(Path file) throws IOException {
        if (!isPosix(file)) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.stream().anyMatch(OF_OTHERS::contains)) {
            throw new IllegalStateException(file + " can be read by others than its owner ("
                    + PosixFilePermissions.toString(permissions) + "); run: chmod 600 " + file);
        }
    }

    /** The folder's owner can put any file in the place of this one, so who else is trusted changes nothing for them. */
    private static void checkOwner(Path file) throws IOException {
        if (!isPosix(file)) {
            return;
        }
        long owner = ownerId(file);
        Path folder = file.toAbsolutePath().getParent();
        boolean isTrusted =
                owner == ROOT || owner == new UnixSystem().getUid() || (folder != null && owner == ownerId(folder));
        if (!isTrusted) {
            throw new IllegalStateException(file + " belongs to another user ("
                    + Files.getOwner(file).getName() + "); run: chown " + System.getProperty("user.name") + " " + file);
        }
    }

    private static long ownerId(Path file) throws IOException {
        return Integer.toUnsignedLong((int) Files.getAttribute(file, "unix:uid"));
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
