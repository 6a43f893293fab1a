package dev.understudy.server.event;

import dev.understudy.control.event.Events;
import dev.understudy.control.event.Sink;
import dev.understudy.control.event.SinkStatus;
import java.net.InetAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All sinks of a node. Whoever starts them closes them. Thread-safe. */
public final class EventSinks implements AutoCloseable {
    private final Events events;
    private final List<Sink> sinks;
    private final List<SinkDelivery> deliveries = new ArrayList<>();

    private EventSinks(Events events, List<Sink> sinks) {
        this.events = events;
        this.sinks = List.copyOf(sinks);
    }

    /**
     * Starts delivering to every sink where it was.
     *
     * @param clock tells when an attempt is due; signatures carry the real time, which receivers check
     * @throws IllegalStateException with a message for the operator when nothing may be sent to an address
     */
    public static EventSinks start(List<Sink> sinks, Events events, InstantSource clock) {
        HttpPost http = new HttpPost();
        InstantSource realTime = InstantSource.system();
        sinks.forEach(EventSinks::checkAddress);
        EventSinks started = new EventSinks(events, sinks);
        for (Sink sink : sinks) {
            Receiver receiver = switch (sink) {
                case Sink.Webhook webhook -> new Webhook(webhook, http, realTime);
                case Sink.EventBridge bus -> new EventBus(bus, http, realTime);
            };
            started.deliveries.add(SinkDelivery.start(sink.name(), events, receiver, clock));
        }
        return started;
    }

    /** What a name leads to is checked with every connection; an address can be checked at once. */
    private static void checkAddress(Sink sink) {
        URI url = switch (sink) {
            case Sink.Webhook webhook -> webhook.url();
            case Sink.EventBridge bus -> bus.endpoint();
        };
        literal(url.getHost()).flatMap(AddressRules::refusal).ifPresent(why -> {
            throw new IllegalStateException("sink " + sink.name() + ": nothing is sent there: " + why);
        });
    }

    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The sinks' names, as the operator wrote them. */
    public List<String> names() {
        return sinks.stream().map(Sink::name).toList();
    }

    /** How each sink is doing, by its name. */
    public Map<String, SinkStatus> statuses() {
        return events.statuses();
    }

    @Override
    public void close() {
        deliveries.forEach(SinkDelivery::close);
    }
}
