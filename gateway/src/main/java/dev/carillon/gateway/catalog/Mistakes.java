package dev.carillon.gateway.catalog;

import java.util.ArrayList;
import java.util.List;

/// Gathers what is wrong with one file, so that all of it can be told at once.
final class Mistakes {
  private final String file;
  private final List<CatalogFault> faults = new ArrayList<>();

  Mistakes(String file) {
    this.file = file;
  }

  void add(String path, String reason) {
    faults.add(new CatalogFault(file, path, reason));
  }

  boolean isEmpty() {
    return faults.isEmpty();
  }

  List<CatalogFault> faults() {
    return List.copyOf(faults);
  }
}
