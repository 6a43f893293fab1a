package dev.understudy.control.credential;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * An AWS shared credentials file with the access keys that this node accepts, as SDKs and the CLI read it through {@code
 * AWS_SHARED_CREDENTIALS_FILE}. Its region and endpoint URL send them here without further options.
 *
 * <p>Thread-safe. A key that is changed in the file counts from the next look at it on; a file that has become unreadable
 * or wrong leaves the last good keys in force, because a running node must not lock its operator out.
 *
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html">Shared config and credentials files</a>
 */
public final class CredentialsFile {
    private static final int SECRET_BYTES = 30;
    private static final String ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int ID_CHARS = 16;

    /** More profiles than this is no credentials file. */
    private static final int MAX_PROFILES = 1_000;

    /** One profile's access key; {@code sessionToken} is there for temporary ones. */
    public record Credentials(
            String profile, String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {

        /** Shows neither secret nor token. */
        @Override
        public String toString() {
            return "Credentials[" + profile + ", " + accessKeyId + "]";
        }
    }

    private final Path file;
    private final ReloadedFile<List<Credentials>> content;

    private CredentialsFile(Path file, ReloadedFile<List<Credentials>> content) {
        this.file = file;
        this.content = content;
    }

    /**
     * Reads the file, made with a fresh access key when absent. One that was there keeps its keys, and learns where the
     * node is this time.
     *
     * @throws IllegalStateException when others than its owner can read it, when no profile has a whole access key, or
     *     when two have the same
     */
    public static CredentialsFile open(Path file, String region, URI endpoint, RandomGenerator secureRandom) {
        if (Files.notExists(file)) {
            PrivateFile.create(file, fresh(region, endpoint, secureRandom));
        } else {
            bringUpToDate(file, region, endpoint);
        }
        return new CredentialsFile(file, ReloadedFile.open(file, text -> someOf(file, text), Optional.empty()));
    }

    private static String fresh(String region, URI endpoint, RandomGenerator random) {
        StringBuilder id = new StringBuilder("AKIA");
        random.ints(ID_CHARS, 0, ID_ALPHABET.length()).forEach(i -> id.append(ID_ALPHABET.charAt(i)));
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return """
                [default]
                aws_access_key_id = %s
                aws_secret_access_key = %s
                region = %s
                endpoint_url = %s
                """.formatted(id, Base64.getEncoder().encodeToString(secret), region, endpoint);
    }

    /** Only what the default profile says of region and endpoint is changed. */
    private static void bringUpToDate(Path file, String region, URI endpoint) {
        String before = PrivateFile.read(file);
        StringBuilder after = new StringBuilder();
        boolean isDefault = false;
        for (String line : before.lines().toList()) {
            String setting = line.strip();
            isDefault = setting.startsWith("[") ? setting.equals("[default]") : isDefault;
            if (isDefault && setting.matches("region\\s*=.*")) {
                after.append("region = ").append(region);
            } else if (isDefault && setting.matches("endpoint_url\\s*=.*")) {
                after.append("endpoint_url = ").append(endpoint);
            } else {
                after.append(line);
            }
            after.append('\n');
        }
        if (!after.toString().equals(before)) {
            PrivateFile.replace(file, after.toString());
        }
    }

    public Path path() {
        return file;
    }

    /** The access keys that count now, in the file's order. */
    public List<Credentials> credentials() {
        return content.value();
    }

    /** The profiles whose access keys count now. */
    public Set<String> profiles() {
        return credentials().stream().map(Credentials::profile).collect(Collectors.toSet());
    }

    /** The access key with this id; empty when there is none. */
    public Optional<Credentials> find(String accessKeyId) {
        return credentials().stream()
                .filter(c -> c.accessKeyId().equals(accessKeyId))
                .findFirst();
    }

    private static List<Credentials> someOf(Path file, String text) {
        List<Credentials> credentials = parse(text);
        if (credentials.isEmpty()) {
            throw new IllegalStateException(file + " has no profile with aws_access_key_id and aws_secret_access_key");
        }
        checkDistinct(file, credentials);
        return credentials;
    }

    /** A request names an access key and no profile: with two profiles of one key it would be open whose rights count. */
    private static void checkDistinct(Path file, List<Credentials> credentials) {
        Map<String, String> profiles = new HashMap<>();
        for (Credentials key : credentials) {
            String other = profiles.put(key.accessKeyId(), key.profile());
            if (other != null) {
                throw new IllegalStateException(file + ": the profiles " + other + " and " + key.profile()
                        + " have the same aws_access_key_id, " + key.accessKeyId());
            }
        }
    }

    /** The whole access keys of a file: lines of {@code key = value} under {@code [profile]}; all else is skipped. */
    static List<Credentials> parse(String text) {
        Map<String, Map<String, String>> profiles = new LinkedHashMap<>();
        Map<String, String> profile = new HashMap<>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.startsWith("[") && line.endsWith("]") && profiles.size() < MAX_PROFILES) {
                String name = line.substring(1, line.length() - 1).strip();
                profile = profiles.computeIfAbsent(name, _ -> new HashMap<>());
            } else if (!line.startsWith("#") && !line.startsWith(";") && line.indexOf('=') > 0) {
                int equals = line.indexOf('=');
                profile.put(
                        line.substring(0, equals).strip(),
                        line.substring(equals + 1).strip());
            }
        }
        return profiles.entrySet().stream()
                .flatMap(e -> credentials(e.getKey(), e.getValue()).stream())
                .toList();
    }

    private static Optional<Credentials> credentials(String profile, Map<String, String> settings) {
        String id = settings.getOrDefault("aws_access_key_id", "");
        String secret = settings.getOrDefault("aws_secret_access_key", "");
        Optional<String> token =
                Optional.ofNullable(settings.get("aws_session_token")).filter(t -> !t.isEmpty());
        return id.isEmpty() || secret.isEmpty()
                ? Optional.empty()
                : Optional.of(new Credentials(profile, id, secret, token));
    }
}
