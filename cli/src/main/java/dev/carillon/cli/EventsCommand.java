package dev.carillon.cli;

import dev.carillon.cli.place.UntilToldToEnd;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `carillon events`: prints an application's events, one JSON object a line, oldest first.
@Command(
    name = "events",
    description = "Print an application's events, one a line.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class EventsCommand implements Callable<Integer> {
  private static final Duration SILENCE = Duration.ofSeconds(45);

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private GatewayOptions options = new GatewayOptions();
  @Mixin private FeedOptions feed = new FeedOptions();

  @Option(names = "--follow", description = "Go on with what comes, until told to end.")
  private boolean follow;

  @Override
  public Integer call() throws InterruptedException {
    try (GatewayApi gateway = options.gateway(System.getenv())) {
      if (follow) {
        UntilToldToEnd.run(() -> print(gateway));
      } else {
        print(gateway);
      }
      return 0;
    }
  }

  /// Connects again where a connection ended, but for the first.
  private void print(GatewayApi gateway) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Optional<String> place = Optional.of(feed.since).filter(text -> text.matches("\\d+"));
    boolean connected = false;
    int failures = 0;
    while (true) {
      try (var connection = new FeedConnection(gateway.events(query(place), place))) {
        connected = true;
        while (true) {
          FeedMessage message = connection.next(SILENCE);
          failures = 0;
          if (!message.isHeartbeat()) {
            out.println(message.data());
          } else if (!follow) {
            return; // the first heartbeat says that all that is there was sent
          }
          place = Optional.of(message.cursor());
        }
      } catch (IOException lost) {
        if (!connected) {
          throw gateway.unreachable(lost);
        }
        failures++;
        Thread.sleep(Pauses.RECONNECT.after(failures));
      }
    }
  }

  private String query(Optional<String> place) {
    String some = feed.types.isEmpty() ? "" : "&types=" + GatewayApi.encoded(feed.types);
    return place.isPresent() || feed.since.isEmpty()
        ? "?limit=1000" + some
        : "?since=" + GatewayApi.encoded(feed.since) + some;
  }
}
