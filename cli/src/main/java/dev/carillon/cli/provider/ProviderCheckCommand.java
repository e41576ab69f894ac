package dev.carillon.cli.provider;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `carillon provider check`: compiles a file; with a request it runs that against the provider, or
/// against recorded answers, and shows each step.
@Command(
    name = "check",
    description = {
      "Compile a provider file and tell what it serves.",
      "With --request, ask the provider (which may cost money) or play --recorded answers."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ProviderCheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "Such as providers/replicate.yaml.")
  private Path file = Path.of("");

  @Option(
      names = "--request",
      paramLabel = "JSON",
      description = "The body a caller would send; @FILE reads it from a file.")
  private @Nullable String request;

  @Option(
      names = "--endpoint",
      paramLabel = "PATH",
      description = "Of the catalog, such as /flux/images (the first the file serves).")
  private @Nullable String endpoint;

  @Option(names = "--base-url", paramLabel = "URL", description = "Another address of it.")
  private @Nullable String baseUrl;

  @Option(
      names = "--recorded",
      paramLabel = "FILE",
      description = "Answers to play instead of asking anybody.")
  private @Nullable Path recorded;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Where to write the answers that came.")
  private @Nullable Path record;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var asked =
        new ProviderTrial.Asked(
            file,
            request == null ? Optional.empty() : Optional.of(body(request)),
            Optional.ofNullable(endpoint),
            Optional.ofNullable(baseUrl),
            Optional.ofNullable(recorded),
            Optional.ofNullable(record));
    PrintWriter out = spec.commandLine().getOut();
    var trial = new ProviderTrial(asked);
    return json ? inJson(trial, out) : trial.run(out, spec.commandLine().getErr());
  }

  private static int inJson(ProviderTrial trial, PrintWriter out)
      throws IOException, InterruptedException {
    var told = new StringWriter();
    var faults = new StringWriter();
    int code = trial.run(new PrintWriter(told, true), new PrintWriter(faults, true));
    ObjectNode object = JsonNodeFactory.instance.objectNode().put("succeeded", code == 0);
    ArrayNode lines = object.putArray("lines");
    told.toString().lines().forEach(lines::add);
    ArrayNode mistakes = object.putArray("faults");
    faults.toString().lines().forEach(mistakes::add);
    out.println(object);
    out.flush();
    return code;
  }

  private static String body(String text) throws IOException {
    return text.startsWith("@") ? Files.readString(Path.of(text.substring(1))) : text;
  }
}
