package dev.understudy.control.credential;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What a class logs from here to {@link #close}. */
final class Logged implements AutoCloseable {
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final Logger logger;

    private Logged(Logger logger) {
        this.logger = logger;
    }

    static Logged by(Class<?> source) {
        var logged = new Logged((Logger) LoggerFactory.getLogger(source));
        logged.appender.start();
        logged.logger.addAppender(logged.appender);
        return logged;
    }

    /** Level, message and key-values of each line. */
    List<String> lines() {
        return appender.list.stream()
                .map(event -> event.getLevel() + " " + event.getMessage() + " " + event.getKeyValuePairs())
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
    }
}
