package dev.carillon.cli;

import dev.carillon.cli.text.FlatJson;
import java.io.IOException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Consumer;

/// Hands each event to a local receiver, again and again until it answers with a 2xx, so that the
/// order is kept and nothing is passed over.
final class ForwardTarget implements Listener.Target {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

  private final GatewayApi gateway;
  private final Optional<Forwarder> forwarder;
  private final Options options;
  private final Consumer<String> say;
  private String secret = "";

  /// How to forward.
  ///
  /// @param print whether bodies are shown too
  record Options(InstantSource clock, Pauses resend, boolean print) {}

  /// @param forwarder empty to show events and send them nowhere
  ForwardTarget(
      GatewayApi gateway, Optional<Forwarder> forwarder, Options options, Consumer<String> say) {
    this.gateway = gateway;
    this.forwarder = forwarder;
    this.options = options;
    this.say = say;
  }

  /// Asks for the secret of now: it may have been rotated while the connection was away.
  @Override
  public void connected() throws IOException, InterruptedException {
    if (forwarder.isPresent()) {
      secret =
          Optional.ofNullable(gateway.get("/v1/webhook-secret").get("secret"))
              .orElseThrow(() -> new IOException("it did not tell the webhook secret"));
    }
  }

  @Override
  public void take(FeedMessage event) throws InterruptedException {
    String id = FlatJson.read(event.data()).getOrDefault("id", event.cursor());
    if (options.print()) {
      say.accept(event.data());
    }
    if (forwarder.isEmpty()) {
      line(event, id, "");
      return;
    }
    int failures = 0;
    while (true) {
      Forwarder.Answer answer = forwarder.get().send(id, event, secret);
      if (answer.failure().isEmpty()) {
        line(event, id, " -> %s in %s".formatted(answer.shown(), Listener.shown(answer.took())));
        return;
      }
      failures++;
      var pause = options.resend().after(failures);
      line(
          event,
          id,
          " -> %s, again in %s".formatted(answer.failure().get(), Listener.shown(pause)));
      Thread.sleep(pause);
    }
  }

  private void line(FeedMessage event, String id, String what) {
    String time = TIME.format(options.clock().instant());
    say.accept("%s  %-15s  %s%s".formatted(time, event.type(), id, what));
  }
}
