package dev.understudy.control.api;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON as the API reads and writes it: strict, because what two readers understand differently is a hole. */
public final class Json {
    /** The model's deepest request has six levels; unknown members may be a little deeper. */
    private static final int MAX_DEPTH = 32;

    /** Digits of a number; more than any value of 64 bits or any float needs. */
    private static final int MAX_NUMBER_DIGITS = 64;

    /** Of a member's name; far more than any name of the model or key of a map has. */
    private static final int MAX_NAME_LETTERS = 8_192;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_DIGITS)
                            .maxNameLength(MAX_NAME_LETTERS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** Reads a request's body, where none at all is an empty object; an {@link ApiException} says what is broken. */
    public static ObjectNode read(byte[] body) {
        if (body.length == 0) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            JsonNode json = MAPPER.readTree(text);
            if (json instanceof ObjectNode object) {
                return object;
            }
            throw broken("not an object");
        } catch (CharacterCodingException _) {
            throw broken("not UTF-8");
        } catch (StreamConstraintsException e) {
            throw beyondBounds(e);
        } catch (JacksonException e) {
            throw broken(why(e) + where(e.getLocation()));
        }
    }

    /** JSON, but more of it than any request needs; which bound it breaks, the parser says only in words. */
    private static ApiException beyondBounds(StreamConstraintsException e) {
        String words = String.valueOf(e.getOriginalMessage());
        String bound = words.contains("nesting depth")
                ? "is nested more than " + MAX_DEPTH + " levels deep"
                : words.contains("Number value length")
                        ? "has a number of more than " + MAX_NUMBER_DIGITS + " digits"
                        : "has a name of more than " + MAX_NAME_LETTERS + " letters";
        return new ApiException(ApiException.Kind.SERIALIZATION, "The request body " + bound);
    }

    private static String why(JacksonException e) {
        return String.valueOf(e.getOriginalMessage()).startsWith("Duplicate") ? "a name repeated" : "malformed";
    }

    /** The parser's own words name its classes and settings; the place is what helps a caller. */
    private static String where(@Nullable TokenStreamLocation place) {
        return place == null ? "" : ", near line " + place.getLineNr() + ", column " + place.getColumnNr();
    }

    private static ApiException broken(String why) {
        return new ApiException(ApiException.Kind.SERIALIZATION, "The request body is not valid JSON: " + why);
    }

    static byte[] write(Consumer<JsonGenerator> content) {
        var bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = MAPPER.createGenerator(bytes)) {
            content.accept(out);
        }
        return bytes.toByteArray();
    }
}
