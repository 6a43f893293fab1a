package dev.understudy.junit;

import dev.understudy.control.resource.Quota;
import dev.understudy.control.resource.Quotas;
import dev.understudy.control.resource.Rules;
import dev.understudy.server.app.Config;
import dev.understudy.server.testing.Reach;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What is to be different about a node, each as the option of {@code ./understudy run} of that name. Immutable: every
 * method gives other options.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final UnderstudyExtension understudy =
 *         new UnderstudyExtension(Options.defaults().throttle().quota("stages", 2));
 * }</pre>
 */
public final class Options {
    private final Rules rules;
    private final String region;
    private final String account;

    private Options(Rules rules, String region, String account) {
        this.rules = rules;
        this.region = region;
        this.account = account;
    }

    /** A node as a command line without options would start it. */
    public static Options defaults() {
        return new Options(Rules.IVS, "us-east-1", "000000000000");
    }

    /** Takes no more calls a second than IVS does, so that code can be tested against ThrottlingException. */
    public Options throttle() {
        return with(rules.throttled());
    }

    /**
     * Allows another number of something than IVS does.
     *
     * @param name as in {@code stages} or {@code compositions-per-stage}
     * @param most 0 or more
     * @throws IllegalArgumentException when no quota is called so, or the number is negative
     */
    public Options quota(String name, int most) {
        Quota quota =
                Quota.named(name).orElseThrow(() -> new IllegalArgumentException("no quota is called '" + name + "'"));
        return with(rules.with(rules.quotas().with(quota, most)));
    }

    /** Allows as much of something as there is memory and disk for; {@code name} as for {@link #quota}. */
    public Options unlimited(String name) {
        return quota(name, Quotas.UNLIMITED);
    }

    /** How long a stage session goes on after its last publisher, once all have left. */
    public Options sessionTimeout(Duration kept) {
        return with(new Rules(rules.quotas(), kept, rules.compositionKept(), rules.isThrottled()));
    }

    /** How long a composition that has ended can be asked for. */
    public Options keepCompositions(Duration kept) {
        return with(new Rules(rules.quotas(), rules.sessionKept(), kept, rules.isThrottled()));
    }

    /** The region in ARNs and signatures, as in {@code eu-west-1}; throws {@link IllegalArgumentException} for others. */
    public Options region(String name) {
        if (!Config.isRegion(name)) {
            throw new IllegalArgumentException("region '" + name + "' is not of the form us-east-1");
        }
        return new Options(rules, name, account);
    }

    /** The account in ARNs, 12 digits; throws {@link IllegalArgumentException} for others. */
    public Options account(String id) {
        if (!Config.isAccount(id)) {
            throw new IllegalArgumentException("account '" + id + "' is not 12 digits");
        }
        return new Options(rules, region, id);
    }

    private Options with(Rules others) {
        return new Options(others, region, account);
    }

    /** Of a node that keeps everything in {@code data}. */
    Config config(Path data) {
        Config usual = Config.defaults(data).onFreePorts();
        return new Config(
                data,
                usual.network(),
                region,
                account,
                usual.playoutDelay(),
                usual.serveRecordings(),
                rules,
                Reach.LOOPBACK);
    }
}
