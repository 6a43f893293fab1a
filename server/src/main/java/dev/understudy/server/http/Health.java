package dev.understudy.server.http;

import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerResponse;
import java.util.function.BooleanSupplier;

/**
 * Tells an orchestrator how the node is, without authentication: {@code live} while it answers at all, {@code ready}
 * while it can take work. Register it under {@code /health}. Thread-safe.
 */
public final class Health implements HttpService {
    private final BooleanSupplier ready;

    /** {@code ready} is asked on each call and must not block for long. */
    public Health(BooleanSupplier ready) {
        this.ready = ready;
    }

    @Override
    public void routing(HttpRules rules) {
        Handler live = (_, response) -> answer(true, response);
        Handler readiness = (_, response) -> answer(ready.getAsBoolean(), response);
        rules.get("/live", live).head("/live", live).get("/ready", readiness).head("/ready", readiness);
    }

    private static void answer(boolean isUp, ServerResponse response) {
        response.status(isUp ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503)
                .header(HeaderValues.create("content-type", "application/json"))
                .header(HeaderValues.create("cache-control", "no-store"))
                .send(isUp ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}");
    }
}
