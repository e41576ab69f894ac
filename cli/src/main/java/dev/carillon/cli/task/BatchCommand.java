package dev.carillon.cli.task;

import dev.carillon.cli.place.CommandFailure;
import dev.carillon.client.Carillon;
import dev.carillon.client.CarillonException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `carillon batch`: makes everything a file asks for. Killed or stopped anywhere, the same command
/// goes on where it was, and nothing is paid twice.
@Command(
    name = "batch",
    description = "Make everything a file asks for, one JSON object a line.",
    footer = {
      "",
      "  {\"generate\": \"image\", \"prompt\": \"a fox\"}",
      "  {\"endpoint\": \"kling/videos\", \"body\": {\"action\": \"text2video\", \"prompt\": \"rain\"}}",
      "",
      "The same command again goes on where it was stopped; nothing is paid twice."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class BatchCommand extends CallerCommand {
  private static final int MOST_IN_FLIGHT = 1000;

  @Parameters(paramLabel = "FILE", description = "The requests.")
  private Path file = Path.of("");

  @Option(names = "--in-flight", paramLabel = "N", description = "At most so many at once (8).")
  private int inFlight = 8;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Save results here, called after their lines.")
  private @Nullable Path output;

  @Option(
      names = "--retry-failed",
      description = "Make what failed before anew. A failed task cost nothing.")
  private boolean retryFailed;

  /// Made by the command line's reader.
  public BatchCommand() {}

  @Override
  int run(Carillon carillon) throws InterruptedException {
    if (inFlight < 1 || inFlight > MOST_IN_FLIGHT) {
      throw usage("--in-flight must be from 1 to " + MOST_IN_FLIGHT);
    }
    List<BatchLine> lines = BatchLine.read(file);
    var done = new AtomicInteger();
    try (var journal = new BatchJournal(beside(".journal.jsonl"))) {
      if (retryFailed) {
        lines.stream().filter(line -> hasFailed(journal, line)).forEach(journal::again);
      }
      done.set((int) lines.stream().filter(line -> end(journal, line).isPresent()).count());
      if (done.get() > 0) {
        err().println("carillon: %d of %d were done before".formatted(done.get(), lines.size()));
      }
      var batch =
          new Batch(
              carillon,
              journal,
              inFlight,
              Optional.ofNullable(output),
              (line, end) -> told(line, end, done.incrementAndGet(), lines.size()));
      try (var _ = new Farewell(err(), "what was submitted goes on. " + goOn())) {
        batch.run(lines);
      } catch (CarillonException stopped) {
        err().println("carillon: " + goOn());
        throw stopped;
      } finally {
        writeResults(journal, lines);
        err().flush();
      }
      return summary(journal, lines);
    } catch (CommandFailure stopped) {
      throw new CommandFailure(stopped.exitCode(), stopped.getMessage() + " " + goOn());
    }
  }

  private static String goOn() {
    return "The same command goes on from here and pays nothing twice.";
  }

  private Path beside(String ending) {
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.jsonl$", "");
    return file.resolveSibling(name + ending);
  }

  private static Optional<ObjectNode> end(BatchJournal journal, BatchLine line) {
    return journal.find(line).flatMap(BatchJournal.Entry::end);
  }

  private static boolean hasFailed(BatchJournal journal, BatchLine line) {
    return end(journal, line).filter(end -> !isSuccess(end)).isPresent();
  }

  private static boolean isSuccess(ObjectNode end) {
    return end.path("state").asString("").equals("succeeded");
  }

  private synchronized void told(BatchLine line, ObjectNode end, int done, int all) {
    err()
        .println(
            "%d/%d line %d %s %s%s"
                .formatted(
                    done,
                    all,
                    line.number(),
                    end.path("state").asString(""),
                    end.path("task_id").asString(""),
                    end.at("/error/code").isMissingNode()
                        ? ""
                        : " " + end.at("/error/code").asString("")));
    err().flush();
  }

  /// One line for each request that ended, in the order of the file.
  private void writeResults(BatchJournal journal, List<BatchLine> lines) {
    Path results = beside(".results.jsonl");
    Path part = beside(".results.jsonl.part");
    try {
      write(journal, lines, part);
      Files.move(part, results, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException full) {
      throw new CommandFailure(
          CommandFailure.FAILED, results + " cannot be written: " + full.getMessage() + ".");
    }
  }

  private static void write(BatchJournal journal, List<BatchLine> lines, Path to)
      throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(to)) {
      for (BatchLine line : lines) {
        Optional<ObjectNode> end = end(journal, line);
        if (end.isPresent()) {
          // The line may have moved since.
          writer.write(end.get().deepCopy().put("line", line.number()) + "\n");
        }
      }
    }
  }

  private int summary(BatchJournal journal, List<BatchLine> lines) {
    long succeeded =
        lines.stream()
            .filter(line -> end(journal, line).filter(BatchCommand::isSuccess).isPresent())
            .count();
    long failed = lines.size() - succeeded;
    Path results = beside(".results.jsonl");
    if (json) {
      out()
          .println(
              object()
                  .put("lines", lines.size())
                  .put("succeeded", succeeded)
                  .put("failed", failed)
                  .put("results", results.toString()));
    } else {
      out().println("%d succeeded, %d failed; %s".formatted(succeeded, failed, results));
    }
    if (failed > 0) {
      err().println("carillon: %d failed; --retry-failed makes them anew".formatted(failed));
    }
    return failed == 0 ? 0 : CommandFailure.FAILED;
  }
}
