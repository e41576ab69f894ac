package dev.carillon.gateway.config;

import java.util.List;

/// The settings hold mistakes; the gateway does not start. Each fault names its key and the reason.
public final class ConfigException extends RuntimeException {
  private final List<String> faults;

  public ConfigException(List<String> faults) {
    super(String.join("\n", faults));
    this.faults = List.copyOf(faults);
  }

  /// One line a mistake; at least one.
  public List<String> faults() {
    return faults;
  }
}
