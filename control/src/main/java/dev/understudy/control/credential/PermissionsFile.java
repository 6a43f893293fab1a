package dev.understudy.control.credential;

import dev.understudy.control.api.AllowList;
import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Gate;
import dev.understudy.control.api.NamedResource;
import dev.understudy.control.credential.Permissions.Statement;
import dev.understudy.control.resource.Home;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The allow-lists of a node's access keys, from a file beside the credentials that counts as it is now. Without one, every
 * key may do everything. Thread-safe.
 *
 * <p>As in IAM, each resource that a call names must be allowed to the call's action by some statement of the caller's
 * profile. Beyond IAM, whoever makes something write to a storage or recording configuration needs the bucket behind it
 * as well: a right to one stage is none to record it into somebody else's bucket.
 */
public final class PermissionsFile implements AllowList {
    private static final Logger log = LoggerFactory.getLogger(PermissionsFile.class);

    private final ReloadedFile<Permissions> file;
    private final Home home;
    private final Function<String, Optional<String>> bucketOf;

    private PermissionsFile(ReloadedFile<Permissions> file, Home home, Function<String, Optional<String>> bucketOf) {
        this.file = file;
        this.home = home;
        this.bucketOf = bucketOf;
    }

    /**
     * Reads the file, if there is one.
     *
     * @param profiles those of the credentials file; a profile that is none of them is logged, for it may be misspelt
     * @param bucketOf the bucket that the configuration with an ARN writes to; empty for any other ARN
     * @throws IllegalStateException when others than its owner can read it, or it is wrong; the message says where
     */
    public static PermissionsFile open(
            Path path, Supplier<Set<String>> profiles, Home home, Function<String, Optional<String>> bucketOf) {
        var file = ReloadedFile.open(path, text -> parse(path, text, profiles), Optional.of(Permissions.UNLIMITED));
        return new PermissionsFile(file, home, bucketOf);
    }

    private static Permissions parse(Path path, String text, Supplier<Set<String>> profiles) {
        try {
            Permissions permissions = Permissions.parse(text);
            for (String stranger : permissions.strangers(profiles.get())) {
                log.atWarn()
                        .addKeyValue("file", path)
                        .addKeyValue("profile", stranger)
                        .log("permissions are for a profile that the credentials file does not have");
            }
            return permissions;
        } catch (IllegalStateException e) {
            throw new IllegalStateException(path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<Permit> limit(Gate.Call call) {
        Optional<List<Statement>> limited = file.value().of(call.caller().profile());
        return limited.map(statements -> permit(call, statements));
    }

    private Permit permit(Gate.Call call, List<Statement> ofCaller) {
        List<Statement> statements = ofCaller.stream()
                .filter(statement -> statement.allows(call.operation()))
                .toList();
        if (statements.isEmpty()) {
            throw denied(call, "arn:aws:ivs:" + home.region() + ":" + home.account() + ":*");
        }
        return resource -> arns(resource)
                .filter(arn -> statements.stream().noneMatch(statement -> statement.allowsOn(arn)))
                .findFirst()
                .ifPresent(arn -> {
                    throw denied(call, arn);
                });
    }

    private Stream<String> arns(NamedResource resource) {
        return switch (resource) {
            case NamedResource.AnyOf(String type) ->
                Stream.of("arn:aws:ivs:" + home.region() + ":" + home.account() + ":" + type + "/*");
            case NamedResource.Bucket(String name) -> Stream.of(arnOfBucket(name));
            case NamedResource.Named(String arn, boolean isUsed) ->
                Stream.concat(
                        Stream.of(arn),
                        (isUsed ? bucketOf.apply(arn) : Optional.<String>empty())
                                .map(PermissionsFile::arnOfBucket).stream());
        };
    }

    private static String arnOfBucket(String name) {
        return "arn:aws:s3:::" + name;
    }

    private ApiException denied(Gate.Call call, String arn) {
        String action = "ivs:" + call.operation();
        return ApiException.accessDenied("User: arn:aws:iam::" + home.account() + ":user/"
                + call.caller().profile() + " is not authorized to perform: " + action + " on resource: " + arn
                + " because no identity-based policy allows the " + action + " action");
    }
}
