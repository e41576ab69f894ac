package dev.carillon.cli;

import dev.carillon.cli.place.UntilToldToEnd;
import java.io.PrintWriter;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.JsonNodeFactory;

/// `carillon listen`: brings an application's events to a receiver that the gateway cannot reach,
/// such as one on a developer's machine, over one outgoing connection. Runs until it is told to
/// end, which is success.
@Command(
    name = "listen",
    description = "Forward an application's events to a receiver on this machine.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ListenCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private GatewayOptions options = new GatewayOptions();
  @Mixin private FeedOptions feed = new FeedOptions();

  @Option(
      names = "--forward-to",
      paramLabel = "URL",
      description = "Where to POST each event, such as http://localhost:3000/hook.")
  private @Nullable String receiver;

  @Option(
      names = "--consumer",
      paramLabel = "NAME",
      description = "Who keeps the place in the feed (made of this machine's name and the URL).")
  private @Nullable String consumer;

  @Option(names = "--print", description = "Print each event's body too.")
  private boolean print;

  /// The body of an event is JSON as it is.
  private static String object(String line) {
    return line.startsWith("{")
        ? line
        : JsonNodeFactory.instance.objectNode().put("message", line).toString();
  }

  @Override
  public Integer call() {
    Optional<URI> to =
        Optional.ofNullable(receiver).map(text -> GatewayOptions.http("--forward-to", text));
    if (to.isEmpty() && !print) {
      throw new ParameterException(
          spec.commandLine(), "carillon: give --forward-to URL, or --print to only look");
    }
    PrintWriter out = spec.commandLine().getOut();
    Consumer<String> say = feed.json ? line -> out.println(object(line)) : out::println;
    try (GatewayApi gateway = options.gateway(System.getenv())) {
      Optional<Forwarder> forwarder = to.map(uri -> new Forwarder(uri, InstantSource.system()));
      var name =
          Optional.ofNullable(consumer)
              .orElseGet(() -> dev.carillon.cli.Consumer.usualName(to.orElse(gateway.base())));
      var how = new ForwardTarget.Options(InstantSource.system(), Pauses.RESEND, print);
      var listener =
          new Listener(
              gateway,
              new Listener.Start(
                  new dev.carillon.cli.Consumer(gateway, name), feed.since, feed.types),
              new ForwardTarget(gateway, forwarder, how, say),
              Pauses.RECONNECT,
              say);
      UntilToldToEnd.run(listener::run);
      return 0;
    }
  }
}
