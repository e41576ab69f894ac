package dev.carillon.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads an application's feed over one connection for as long as it is let, in order, and hands
/// each event to a receiver until that has taken it. Connects again by itself and goes on where it
/// was.
final class Listener {
  /// The gateway sends something at least every 20 seconds.
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private static final Duration ACKNOWLEDGE_EVERY = Duration.ofSeconds(1);

  private final GatewayApi gateway;
  private final Start start;
  private final Target target;
  private final Pauses reconnect;
  private final Consumer<String> say;
  private Optional<String> place = Optional.empty();
  private Optional<String> acknowledged = Optional.empty();
  private long acknowledgedAt = System.nanoTime();
  private boolean everConnected;

  /// Where to begin, and who keeps the place.
  ///
  /// @param since a span such as `1h`, a time or a cursor; empty for the consumer's place
  /// @param types which events, with commas between; empty for all
  record Start(dev.carillon.cli.Consumer consumer, String since, String types) {}

  /// Who takes the events.
  interface Target {
    /// The connection stands; called before the first event and after each new connection.
    void connected() throws IOException, InterruptedException;

    /// Takes one event; returns when it is done with it.
    void take(FeedMessage event) throws InterruptedException;
  }

  /// @param say prints one line for the person who watches
  Listener(GatewayApi gateway, Start start, Target target, Pauses reconnect, Consumer<String> say) {
    this.gateway = gateway;
    this.start = start;
    this.target = target;
    this.reconnect = reconnect;
    this.say = say;
  }

  /// Listens until interrupted.
  ///
  /// @throws GatewayRefusal when the gateway cannot be reached at first, or refuses for good
  void run() throws InterruptedException {
    int failures = 0;
    try {
      while (true) {
        try (FeedConnection connection = connect()) {
          failures = 0;
          read(connection);
        } catch (IOException lost) {
          if (!everConnected) {
            throw gateway.unreachable(lost);
          }
          failures++;
          Duration pause = reconnect.after(failures);
          say.accept(
              "connection lost (%s), connecting again%s"
                  .formatted(GatewayApi.reason(lost), pause.isZero() ? "" : " in " + shown(pause)));
          Thread.sleep(pause);
        }
      }
    } finally {
      acknowledgeLast();
    }
  }

  private FeedConnection connect() throws IOException, InterruptedException {
    if (place.isEmpty()) {
      place = start.since().isEmpty() ? Optional.of(start.consumer().place()) : sinceCursor();
    }
    target.connected();
    var connection = new FeedConnection(gateway.events(query(), place));
    say.accept("connected to %s as consumer %s".formatted(gateway.base(), start.consumer().name()));
    everConnected = true;
    return connection;
  }

  private Optional<String> sinceCursor() {
    return Optional.of(start.since()).filter(text -> text.matches("\\d+"));
  }

  private String query() {
    String types = start.types().isEmpty() ? "" : "types=" + GatewayApi.encoded(start.types());
    String since = place.isPresent() ? "" : "since=" + GatewayApi.encoded(start.since());
    return "?" + types + (types.isEmpty() || since.isEmpty() ? "" : "&") + since;
  }

  private void read(FeedConnection connection) throws IOException, InterruptedException {
    while (true) {
      FeedMessage message = connection.next(SILENCE);
      if (!message.isHeartbeat()) {
        target.take(message);
      }
      if (!message.cursor().isEmpty()) {
        place = Optional.of(message.cursor());
      }
      if (connection.isIdle() || System.nanoTime() - acknowledgedAt > ACKNOWLEDGE_EVERY.toNanos()) {
        acknowledge();
      }
    }
  }

  /// What is not acknowledged comes again after a crash, with the same `webhook-id`; so it is done
  /// whenever there is time, and at least every second.
  private void acknowledge() throws IOException, InterruptedException {
    if (place.isPresent() && !place.equals(acknowledged)) {
      start.consumer().acknowledge(place.get());
      acknowledged = place;
    }
    acknowledgedAt = System.nanoTime();
  }

  private void acknowledgeLast() {
    boolean interrupted = Thread.interrupted();
    try {
      acknowledge();
    } catch (IOException | GatewayRefusal later) {
      say.accept("the last events will come again: the gateway did not take the acknowledgement");
    } catch (InterruptedException again) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static String shown(Duration span) {
    return span.toMillis() < 1000 ? span.toMillis() + " ms" : span.toSeconds() + " s";
  }
}
