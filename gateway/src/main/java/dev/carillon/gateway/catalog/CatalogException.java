package dev.carillon.gateway.catalog;

import java.util.List;
import java.util.stream.Collectors;

/// The catalog cannot be used; holds every mistake found, not only the first.
public final class CatalogException extends RuntimeException {
  private final transient List<CatalogFault> faults;

  CatalogException(List<CatalogFault> faults) {
    this("the catalog", faults);
  }

  /// The mistakes of other files than the catalog's.
  ///
  /// @param what has the mistakes, such as `the catalog`
  public CatalogException(String what, List<CatalogFault> faults) {
    super(
        faults.stream()
            .map(CatalogFault::toString)
            .collect(Collectors.joining("\n  ", what + " has mistakes:\n  ", "")));
    this.faults = List.copyOf(faults);
  }

  public List<CatalogFault> faults() {
    return faults;
  }
}
