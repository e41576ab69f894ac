package dev.carillon.cli.task;

import dev.carillon.cli.GatewayApi;
import dev.carillon.cli.GatewayOptions;
import dev.carillon.cli.GatewayRefusal;
import dev.carillon.cli.place.CommandFailure;
import dev.carillon.cli.place.Place;
import dev.carillon.cli.text.Words;
import dev.carillon.client.Carillon;
import dev.carillon.client.CarillonException;
import dev.carillon.client.TaskHandle;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A command of a caller: speaks to a gateway by the SDK and, asked for JSON, prints exactly one
/// object on standard output, also when it fails.
abstract class CallerCommand implements Callable<Integer> {
  private static final String JSON = "Print one JSON object.";

  @Spec CommandSpec spec = CommandSpec.create();
  @Mixin private GatewayOptions options = new GatewayOptions();

  @Option(names = "--json", description = JSON)
  boolean json;

  /// Adds what every command of a caller takes, for one that is written out.
  final Words addTo(Words words) {
    return options.addTo(words).flag("--json", JSON, given -> json = given);
  }

  /// Does the work.
  ///
  /// @return the exit code
  /// @throws CommandFailure when it cannot be done
  abstract int run(Carillon carillon) throws InterruptedException;

  @Override
  public final Integer call() {
    try {
      Place place = options.place(System.getenv());
      return run(place);
    } finally {
      out().flush();
    }
  }

  private int run(Place place) {
    try (Carillon carillon = Carillon.at(place.url(), place.token(), new Unlogged())) {
      int code = run(carillon);
      out().flush();
      return code;
    } catch (GatewayRefusal refused) {
      throw new CommandFailure(
          refused.status() == 0 ? CommandFailure.UNREACHABLE : CommandFailure.REFUSED,
          String.valueOf(refused.getMessage()));
    } catch (CarillonException failure) {
      throw explained(failure, Failures.of(failure, place, options.again()));
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(CommandFailure.INTERRUPTED, "interrupted");
    }
  }

  /// Says better what went wrong, where a command knows better.
  CommandFailure explained(CarillonException failure, CommandFailure usual) {
    return usual;
  }

  /// What to say of a task that goes on when the command ends.
  final String goesOn(TaskHandle task) {
    String service = task.service().isEmpty() ? "" : " --service " + task.service();
    return "the task goes on. Wait for it again with: carillon task wait "
        + task.id()
        + service
        + options.again();
  }

  /// The gateway, for what is read as a stream.
  final GatewayApi streams() {
    return options.gateway(System.getenv());
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  final ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), "carillon: " + message);
  }

  /// Shows one thing: as JSON, or a line for each of these fields that it has. A slash leads into
  /// it.
  final void show(JsonNode thing, String... fields) {
    if (json) {
      out().println(thing);
      return;
    }
    for (String field : fields) {
      JsonNode value = thing.at("/" + field);
      if (!value.isMissingNode() && !value.isNull()) {
        out().println(field + ": " + (value.isContainer() ? value.toString() : value.asString()));
      }
    }
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
