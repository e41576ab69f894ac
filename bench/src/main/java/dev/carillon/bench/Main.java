package dev.carillon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The command `carillon bench`. Exit codes: 0 measured, 1 failed, 2 the command line was not
/// understood.
public final class Main {
  private Main() {}

  /// Measures and prints.
  ///
  /// @param arguments see [Options#USAGE]
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Options options;
    try {
      options = Options.of(arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println("carillon bench: " + wrong.getMessage() + "\n" + Options.USAGE);
      System.exit(2);
      return;
    }
    if (options.command().equals("help")) {
      System.out.print(Options.USAGE);
      return;
    }
    var rows = new Measures(options).run();
    System.out.print("\n" + Report.table(rows));
    if (options.json().isPresent()) {
      Files.writeString(options.json().get(), Report.json(rows));
    }
    if (options.write()) {
      var page = Path.of(System.getProperty("carillon.root", "."), "docs", "benchmarks.md");
      Report.write(page, rows, ("./carillon bench " + String.join(" ", arguments)).strip());
      System.out.println("written to " + page);
    }
  }
}
