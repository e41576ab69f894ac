package dev.carillon.gateway.catalog;

import java.util.List;
import java.util.stream.Collectors;

/// The catalog cannot be used; holds every mistake found, not only the first.
public final class CatalogException extends RuntimeException {
  private final transient List<CatalogFault> faults;

  CatalogException(List<CatalogFault> faults) {
    super(
        faults.stream()
            .map(CatalogFault::toString)
            .collect(Collectors.joining("\n  ", "the catalog has mistakes:\n  ", "")));
    this.faults = List.copyOf(faults);
  }

  public List<CatalogFault> faults() {
    return faults;
  }
}
