package dev.carillon.cli.provider;

import dev.carillon.cli.place.CommandFailure;
import dev.carillon.gateway.upstream.DefinitionException;
import dev.carillon.gateway.upstream.http.DefinitionCheck;
import dev.carillon.gateway.upstream.http.ProviderConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// The work of `carillon provider check`, apart from the command so that other commands load
/// nothing of the gateway.
record ProviderTrial(Asked asked) {

  /// What the command line says.
  ///
  /// @param file the definition
  /// @param request the body to send; empty to compile only
  /// @param endpoint of the catalog
  /// @param baseUrl another address of the provider
  /// @param recorded answers to play
  /// @param record where to write answers
  record Asked(
      Path file,
      Optional<String> request,
      Optional<String> endpoint,
      Optional<String> baseUrl,
      Optional<Path> recorded,
      Optional<Path> record) {}

  /// Gives the exit code.
  int run(PrintWriter out, PrintWriter err) throws IOException, InterruptedException {
    DefinitionCheck check;
    try {
      check = new DefinitionCheck(asked.file(), InstantSource.system(), out::println);
    } catch (DefinitionException mistakes) {
      mistakes.faults().forEach(err::println);
      return CommandFailure.FAILED;
    }
    check.summary(System.getenv());
    if (asked.request().isEmpty()) {
      return 0;
    }
    Optional<String> answers =
        asked.recorded().isEmpty()
            ? Optional.empty()
            : Optional.of(Files.readString(asked.recorded().get()));
    DefinitionCheck.Result result =
        check.run(
            new DefinitionCheck.Trial(
                asked.endpoint(),
                asked.request().get(),
                System.getenv(),
                asked.baseUrl().map(ProviderConfig::address),
                answers));
    if (asked.record().isPresent()) {
      Files.writeString(asked.record().get(), result.recording());
    }
    return result.succeeded() ? 0 : CommandFailure.FAILED;
  }
}
