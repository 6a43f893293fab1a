package dev.understudy.protocol.sdp;

import dev.understudy.protocol.sdp.SdpException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A session description as text sees it: lines for the session, then sections for the media (RFC 8866). Immutable. It
 * knows the shape and leaves the meaning to others.
 *
 * @param lines of the session, in order, from the version on
 */
public record SessionDescription(List<Line> lines, List<Section> sections) {
    /** The largest seen in practice, Chromium with everything on, has about 10 KiB. */
    public static final int MAX_CHARACTERS = 64 << 10;

    /** One publisher has two; room for one that was often renegotiated. */
    static final int MAX_SECTIONS = 32;

    /** Chromium lists about 60 payload types for video; there are only 128. */
    static final int MAX_FORMATS = 128;

    public SessionDescription {
        lines = List.copyOf(lines);
        sections = List.copyOf(sections);
    }

    /** One line: {@code type=value}. */
    public record Line(char type, String value) {
        static Line attribute(String value) {
            return new Line('a', value);
        }

        private Optional<String> attributeValue(String name) {
            if (type != 'a' || !value.startsWith(name)) {
                return Optional.empty();
            }
            if (value.length() == name.length()) {
                return Optional.of("");
            }
            return value.charAt(name.length()) == ':'
                    ? Optional.of(value.substring(name.length() + 1))
                    : Optional.empty();
        }

        @Override
        public String toString() {
            return type + "=" + value;
        }
    }

    /**
     * One media section.
     *
     * @param kind audio, video, application…
     * @param port 0 when it is rejected, or only to be bundled
     * @param protocol such as UDP/TLS/RTP/SAVPF
     * @param formats payload types, when the protocol is RTP; at least one
     * @param lines what follows the m-line
     */
    public record Section(String kind, int port, String protocol, List<String> formats, List<Line> lines) {
        public Section {
            formats = List.copyOf(formats);
            lines = List.copyOf(lines);
        }

        /** The values of all attributes of this name, in order; an attribute without a value is empty. */
        public List<String> attributes(String name) {
            return values(lines, name).toList();
        }

        public Optional<String> attribute(String name) {
            return values(lines, name).findFirst();
        }

        public boolean has(String name) {
            return attribute(name).isPresent();
        }

        private static Section parse(String value) throws SdpException {
            String[] parts = value.strip().split(" +", -1);
            if (parts.length < 4 || parts.length > 3 + MAX_FORMATS) {
                throw malformed("m=" + value);
            }
            int port = Numbers.parse(parts[1].replaceFirst("/.*", ""), 65_535);
            if (port < 0) {
                throw malformed("m=" + value);
            }
            return new Section(parts[0], port, parts[2], List.of(parts).subList(3, parts.length), List.of());
        }

        private Section with(List<Line> newLines) {
            return new Section(kind, port, protocol, formats, newLines);
        }
    }

    /**
     * Reads a description. Lines may end in CRLF or LF, blank ones are skipped.
     *
     * @throws SdpException when it is too large, does not begin with {@code v=0}, or has a line of another shape
     */
    public static SessionDescription parse(String text) throws SdpException {
        if (text.length() > MAX_CHARACTERS) {
            throw malformed("more than " + MAX_CHARACTERS + " characters");
        }
        List<Line> session = new ArrayList<>();
        List<Section> sections = new ArrayList<>();
        List<Line> current = session;
        for (String line : text.split("\r\n|\r|\n", -1)) {
            if (line.isBlank()) {
                continue;
            }
            Line parsed = line(line);
            if (parsed.type == 'm') {
                close(sections, current);
                current = new ArrayList<>();
                sections.add(Section.parse(parsed.value));
            } else {
                current.add(parsed);
            }
        }
        close(sections, current);
        if (session.isEmpty() || !session.getFirst().equals(new Line('v', "0"))) {
            throw malformed("it does not begin with v=0");
        }
        return new SessionDescription(session, sections);
    }

    /** Gives the lines read since the last m-line to the section that it began. */
    private static void close(List<Section> sections, List<Line> lines) throws SdpException {
        if (sections.size() > MAX_SECTIONS) {
            throw malformed("more than " + MAX_SECTIONS + " media sections");
        }
        if (!sections.isEmpty()) {
            sections.set(sections.size() - 1, sections.getLast().with(lines));
        }
    }

    private static Line line(String line) throws SdpException {
        boolean isLine = line.length() >= 2 && line.charAt(1) == '=' && Character.isLowerCase(line.charAt(0));
        if (!isLine || line.chars().anyMatch(Character::isISOControl)) {
            throw malformed("the line " + line);
        }
        return new Line(line.charAt(0), line.substring(2).strip());
    }

    private static SdpException malformed(String what) {
        return new SdpException(Reason.MALFORMED, "Not a session description: " + Numbers.shown(what));
    }

    /** The values of all attributes of the session itself of this name, in order. */
    public List<String> attributes(String name) {
        return values(lines, name).toList();
    }

    public Optional<String> attribute(String name) {
        return values(lines, name).findFirst();
    }

    /** The attribute of the section, or else that of the session (RFC 8866 section 5.13). */
    public Optional<String> attribute(Section section, String name) {
        return section.attribute(name).or(() -> attribute(name));
    }

    private static Stream<String> values(List<Line> lines, String name) {
        return lines.stream().map(line -> line.attributeValue(name)).flatMap(Optional::stream);
    }

    /** The description as it is sent, lines ended by CRLF. */
    public String text() {
        var out = new StringBuilder();
        lines.forEach(line -> out.append(line).append("\r\n"));
        for (Section section : sections) {
            out.append("m=").append(section.kind).append(' ').append(section.port);
            out.append(' ').append(section.protocol);
            out.append(' ').append(String.join(" ", section.formats)).append("\r\n");
            section.lines.forEach(line -> out.append(line).append("\r\n"));
        }
        return out.toString();
    }
}
