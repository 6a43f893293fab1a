package dev.understudy.protocol.mp4;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Boxes as a text that a person can compare: one line for each, its content in hex, containers indented. */
final class BoxTree {
    private static final Set<String> CONTAINERS =
            Set.of("moov", "trak", "mdia", "minf", "dinf", "stbl", "mvex", "moof", "traf");

    /** Boxes with fields of their own before their children, and how many bytes of them. */
    private static final Map<String, Integer> FIELDS_BYTES = Map.of("stsd", 8, "dref", 8, "avc1", 78, "mp4a", 28);

    private BoxTree() {}

    static String text(byte[] file) {
        StringBuilder out = new StringBuilder();
        List<Box> boxes = Box.parseAll(ByteBuffer.wrap(file));
        assertThat(boxes).as("whole boxes").isNotNull();
        boxes.forEach(box -> append(box, "", out));
        return out.toString();
    }

    private static void append(Box box, String indent, StringBuilder out) {
        int fields = CONTAINERS.contains(box.type())
                ? 0
                : FIELDS_BYTES.getOrDefault(box.type(), box.content().limit());
        byte[] bytes = new byte[fields];
        box.content().get(0, bytes);
        out.append((indent + box.type() + " " + words(bytes)).stripTrailing()).append('\n');
        if (fields < box.content().limit()) {
            box.children(fields).forEach(child -> append(child, indent + "  ", out));
        }
    }

    /** In words of 32 bits; more than two equal ones after another become a count. */
    private static String words(byte[] bytes) {
        String hex = HexFormat.of().formatHex(bytes).replaceAll("(.{8})", "$1 ").strip();
        return hex.replaceAll("\\b00000000( 00000000){2,}\\b", "0…");
    }
}
