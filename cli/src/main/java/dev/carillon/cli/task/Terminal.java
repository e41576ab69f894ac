package dev.carillon.cli.task;

import java.io.Console;
import java.util.Map;
import java.util.Optional;

/// What stands behind standard output and standard error. The launcher looks and tells, since Java
/// cannot tell one from the other.
///
/// @param shows whether pictures can be written to standard output, and how
/// @param draws whether standard error is a terminal, where a line can be drawn over
record Terminal(Pictures shows, boolean draws) {
  private static final String OUT = "carillon.terminal.out";
  private static final String ERR = "carillon.terminal.err";

  static Terminal ofProcess() {
    Map<String, String> environment = System.getenv();
    boolean dumb = environment.getOrDefault("TERM", "").equals("dumb");
    return new Terminal(is(OUT) ? Pictures.of(environment) : Pictures.NONE, is(ERR) && !dumb);
  }

  private static boolean is(String property) {
    String told = System.getProperty(property);
    if (told != null) {
      return Boolean.parseBoolean(told);
    }
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }
}
