package dev.understudy.junit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts an {@link Understudy} for tests and ends it after them.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final UnderstudyExtension understudy = new UnderstudyExtension();
 *
 * @Test
 * void tellsTheUserWhenTheAccountIsFull() {
 *     understudy.node().failNext("CreateStage", "ServiceQuotaExceededException");
 *     …
 * }
 * }</pre>
 *
 * <p>In a static field, or by {@code @ExtendWith}, there is one node for a test class and its nested ones, emptied before
 * each test; in an instance field, a new one for each test. Test methods can have it as a parameter of type {@link
 * Understudy}. Confined to tests that run one after another: what one does the other would see.
 */
public final class UnderstudyExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    private final Options options;
    private @Nullable Understudy node;

    /** By which test or class it was started; that one's end is its own. */
    private String startedBy = "";

    /** With a node as a command line without options would start. */
    public UnderstudyExtension() {
        this(Options.defaults());
    }

    /** With a node of which {@code options} say what is to be different. */
    public UnderstudyExtension(Options options) {
        this.options = options;
    }

    /** The node; there is one while tests run. */
    public Understudy node() {
        Understudy running = node;
        if (running == null) {
            throw new IllegalStateException("there is no node before the first test and after the last");
        }
        return running;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        startFor(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!startFor(context)) {
            node().reset();
        }
    }

    /** Whether it was not running already. */
    private boolean startFor(ExtensionContext context) {
        if (node != null) {
            return false;
        }
        node = Understudy.start(options);
        startedBy = context.getUniqueId();
        return true;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        endFor(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        endFor(context);
    }

    private void endFor(ExtensionContext context) {
        Understudy running = node;
        if (running != null && startedBy.equals(context.getUniqueId())) {
            node = null;
            running.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Understudy.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return node();
    }
}
