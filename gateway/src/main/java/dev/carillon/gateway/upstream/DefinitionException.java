package dev.carillon.gateway.upstream;

import java.util.List;

/// Definition files have mistakes, each told as `file:line: reason`, or keys have, told as
/// `VARIABLE: reason`.
public final class DefinitionException extends RuntimeException {
  private final List<String> faults;

  /// @param faults each with its file and line
  public DefinitionException(List<String> faults) {
    super("the providers have mistakes:\n  " + String.join("\n  ", faults));
    this.faults = List.copyOf(faults);
  }

  public List<String> faults() {
    return faults;
  }
}
