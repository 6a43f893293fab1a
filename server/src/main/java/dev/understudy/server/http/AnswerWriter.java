package dev.understudy.server.http;

import dev.understudy.server.http.Deadlines.Deadline;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Writes answers, and leaves out the content of those to HEAD: whatever comes behind the empty line. Confined to one
 * thread.
 */
final class AnswerWriter implements DataWriter {
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final DataWriter connection;
    private final Supplier<Deadline> limit;
    private boolean hasContent = true;
    private boolean isPastHead;

    /** @param limit begins to run when something is written */
    AnswerWriter(DataWriter connection, Supplier<Deadline> limit) {
        this.connection = connection;
        this.limit = limit;
    }

    /** The next answer follows. */
    void begin(boolean itHasContent) {
        hasContent = itHasContent;
        isPastHead = false;
    }

    @Override
    public void write(BufferData... buffers) {
        write(BufferData.create(buffers));
    }

    @Override
    public void write(BufferData buffer) {
        BufferData kept = kept(buffer);
        if (kept.available() > 0) {
            try (Deadline _ = limit.get()) {
                connection.write(kept);
            }
        }
    }

    @Override
    public void writeNow(BufferData... buffers) {
        writeNow(BufferData.create(buffers));
    }

    @Override
    public void writeNow(BufferData buffer) {
        BufferData kept = kept(buffer);
        if (kept.available() > 0) {
            try (Deadline _ = limit.get()) {
                connection.writeNow(kept);
            }
        }
    }

    private BufferData kept(BufferData buffer) {
        if (hasContent) {
            return buffer;
        }
        if (isPastHead) {
            return BufferData.empty();
        }
        byte[] bytes = buffer.readBytes();
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf(END_OF_HEAD);
        isPastHead = end >= 0;
        return BufferData.create(bytes, 0, isPastHead ? end + END_OF_HEAD.length() : bytes.length);
    }

    @Override
    public void flush() {
        connection.flush();
    }

    @Override
    public void close() {
        connection.close();
    }
}
