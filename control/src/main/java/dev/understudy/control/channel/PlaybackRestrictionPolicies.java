package dev.understudy.control.channel;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Quota;
import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Pages;
import dev.understudy.control.store.Table;
import dev.understudy.control.tag.TagRules;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The playback restriction policy operations. Thread-safe. */
public final class PlaybackRestrictionPolicies {
    private static final int DEFAULT_PAGE = 1;
    private static final Set<String> COUNTRIES = Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2);

    /** As a browser sends it (RFC 6454 section 7.1), whatever the host's form. */
    private static final Pattern ORIGIN = Pattern.compile("\\*|null|[a-zA-Z][a-zA-Z0-9+.-]*://[^\\s/?#@]+");

    private static final Table<PlaybackRestrictionPolicy> TABLE =
            new Table<>("playback_restriction_policy", PlaybackRestrictionPolicies::read);

    /**
     * As the API shows it, whole or in a list.
     *
     * @param allowedCountries ISO 3166-1 codes of two letters; empty for all
     * @param allowedOrigins as in the header Origin; {@code *} or empty for all
     */
    public record PlaybackRestrictionPolicy(
            String arn,
            List<String> allowedCountries,
            List<String> allowedOrigins,
            boolean enableStrictOriginEnforcement,
            String name,
            Map<String, String> tags) {}

    public record CreatePlaybackRestrictionPolicyRequest(
            List<String> allowedCountries,
            List<String> allowedOrigins,
            boolean enableStrictOriginEnforcement,
            Optional<String> name,
            Map<String, String> tags) {}

    public record CreatePlaybackRestrictionPolicyResponse(PlaybackRestrictionPolicy playbackRestrictionPolicy) {}

    public record GetPlaybackRestrictionPolicyRequest(String arn) {}

    public record GetPlaybackRestrictionPolicyResponse(PlaybackRestrictionPolicy playbackRestrictionPolicy) {}

    public record UpdatePlaybackRestrictionPolicyRequest(
            String arn,
            Optional<List<String>> allowedCountries,
            Optional<List<String>> allowedOrigins,
            Optional<Boolean> enableStrictOriginEnforcement,
            Optional<String> name) {}

    public record UpdatePlaybackRestrictionPolicyResponse(PlaybackRestrictionPolicy playbackRestrictionPolicy) {}

    public record ListPlaybackRestrictionPoliciesRequest(Optional<String> nextToken, Optional<Integer> maxResults) {}

    public record ListPlaybackRestrictionPoliciesResponse(
            List<PlaybackRestrictionPolicy> playbackRestrictionPolicies, Optional<String> nextToken) {}

    public record DeletePlaybackRestrictionPolicyRequest(String arn) {}

    /** What the database keeps together. */
    record Rules(List<String> allowedCountries, List<String> allowedOrigins, boolean enableStrictOriginEnforcement) {
        static Rules of(PlaybackRestrictionPolicy policy) {
            return new Rules(
                    policy.allowedCountries(), policy.allowedOrigins(), policy.enableStrictOriginEnforcement());
        }
    }

    private final Foundation base;

    public PlaybackRestrictionPolicies(Foundation base) {
        this.base = base;
    }

    public CreatePlaybackRestrictionPolicyResponse create(CreatePlaybackRestrictionPolicyRequest request) {
        TagRules.check(request.tags().keySet());
        checkCountries(request.allowedCountries());
        checkOrigins(request.allowedOrigins());
        var policy = new PlaybackRestrictionPolicy(
                base.newArn("playback-restriction-policy"),
                request.allowedCountries(),
                request.allowedOrigins(),
                request.enableStrictOriginEnforcement(),
                request.name().orElse(""),
                request.tags());
        base.store().update(h -> {
            base.quotas().check(Quota.PLAYBACK_RESTRICTION_POLICIES, () -> TABLE.count(h));
            h.execute(
                    "INSERT INTO playback_restriction_policy (arn, name, rules, tags) VALUES (?, ?, ?, ?)",
                    policy.arn(),
                    policy.name(),
                    Columns.json(Rules.of(policy)),
                    Columns.json(policy.tags()));
        });
        return new CreatePlaybackRestrictionPolicyResponse(policy);
    }

    private static void checkCountries(List<String> codes) {
        for (String code : codes) {
            if (!COUNTRIES.contains(code)) {
                throw ApiException.invalid(
                        "allowedCountries", "must consist of officially assigned ISO 3166-1 alpha-2 codes");
            }
        }
    }

    private static void checkOrigins(List<String> origins) {
        for (String origin : origins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw ApiException.invalid(
                        "allowedOrigins",
                        "must consist of origins, as in https://example.org or https://example.org:8443");
            }
        }
    }

    public GetPlaybackRestrictionPolicyResponse get(GetPlaybackRestrictionPolicyRequest request) {
        base.home().check(request.arn());
        return new GetPlaybackRestrictionPolicyResponse(base.store().read(h -> require(h, request.arn())));
    }

    /** Changes what the request names. */
    public UpdatePlaybackRestrictionPolicyResponse update(UpdatePlaybackRestrictionPolicyRequest request) {
        base.home().check(request.arn());
        request.allowedCountries().ifPresent(PlaybackRestrictionPolicies::checkCountries);
        request.allowedOrigins().ifPresent(PlaybackRestrictionPolicies::checkOrigins);
        return new UpdatePlaybackRestrictionPolicyResponse(base.store().write(h -> {
            PlaybackRestrictionPolicy old = require(h, request.arn());
            var policy = new PlaybackRestrictionPolicy(
                    old.arn(),
                    request.allowedCountries().orElse(old.allowedCountries()),
                    request.allowedOrigins().orElse(old.allowedOrigins()),
                    request.enableStrictOriginEnforcement().orElse(old.enableStrictOriginEnforcement()),
                    request.name().orElse(old.name()),
                    old.tags());
            h.execute(
                    "UPDATE playback_restriction_policy SET name = ?, rules = ? WHERE arn = ?",
                    policy.name(),
                    Columns.json(Rules.of(policy)),
                    policy.arn());
            return policy;
        }));
    }

    public ListPlaybackRestrictionPoliciesResponse list(ListPlaybackRestrictionPoliciesRequest request) {
        Pages.Page<PlaybackRestrictionPolicy> page = base.store()
                .read(h -> base.pages()
                        .page(
                                "playback-restriction-policies",
                                request.nextToken(),
                                request.maxResults().orElse(DEFAULT_PAGE),
                                (seq, limit) -> TABLE.before(h, seq, limit)));
        return new ListPlaybackRestrictionPoliciesResponse(page.items(), page.nextToken());
    }

    public void delete(DeletePlaybackRestrictionPolicyRequest request) {
        base.home().check(request.arn());
        base.store().update(h -> {
            require(h, request.arn());
            ChannelRows.checkUnused(h, "playback_restriction_policy_arn", request.arn());
            TABLE.delete(h, request.arn());
        });
    }

    /** The policy with this ARN; throws {@link ApiException} of kind RESOURCE_NOT_FOUND. */
    static PlaybackRestrictionPolicy require(Handle handle, String arn) {
        return TABLE.find(handle, arn).orElseThrow(() -> ApiException.notFound(arn));
    }

    private static PlaybackRestrictionPolicy read(ResultSet row, StatementContext context) throws SQLException {
        Rules rules = Columns.value(row, "rules", Rules.class);
        return new PlaybackRestrictionPolicy(
                row.getString("arn"),
                rules.allowedCountries(),
                rules.allowedOrigins(),
                rules.enableStrictOriginEnforcement(),
                row.getString("name"),
                Columns.strings(row, "tags"));
    }
}
