package dev.carillon.gateway.catalog;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// A request body after its check.
///
/// @param cleaned known fields only, in their documented types, with defaults filled in; good for
///   use only without faults
/// @param faults all that is wrong, in the order of the schema; empty means the body is usable
public record Checked(ObjectNode cleaned, List<Fault> faults) {
  public Checked {
    faults = List.copyOf(faults);
  }

  public boolean isUsable() {
    return faults.isEmpty();
  }

  /// All faults as one text for `error.message`; empty without faults.
  public String message() {
    return faults.stream().map(Fault::message).collect(Collectors.joining(" "));
  }
}
