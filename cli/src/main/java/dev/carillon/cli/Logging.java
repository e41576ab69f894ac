package dev.carillon.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import dev.carillon.gateway.config.Keys;
import java.util.logging.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Sends every log line to standard error in one form. Set up by hand: reading an XML file would
/// cost more than the rest of the set-up.
final class Logging {
  private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %msg%n";

  private static final String[] STARTERS = {
    "io.helidon.webserver.LoomServer", "io.helidon.webserver.ServerListener"
  };

  private Logging() {}

  /// Begins to log from a level on; other libraries only from warnings on.
  static void start(Keys.LogLevel level) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    var console = new ConsoleAppender<ILoggingEvent>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(console);
    // A port that cannot be bound is told in one line by whoever asked for it, not in forty.
    for (String starter : STARTERS) {
      context.getLogger(starter).setLevel(Level.OFF);
    }
    context.getLogger("dev.carillon").setLevel(Level.toLevel(level.name()));
    LogManager.getLogManager().reset();
    SLF4JBridgeHandler.install();
  }
}
