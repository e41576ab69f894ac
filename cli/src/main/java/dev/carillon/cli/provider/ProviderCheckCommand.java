package dev.carillon.cli.provider;

import java.io.IOException;
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
    return new ProviderTrial(asked).run(spec.commandLine().getOut(), spec.commandLine().getErr());
  }

  private static String body(String text) throws IOException {
    return text.startsWith("@") ? Files.readString(Path.of(text.substring(1))) : text;
  }
}
