package dev.carillon.gateway.catalog;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The JSON Schema of a request, and its lenient check.
///
/// Official clients send nulls, zero values and neutral values of wrong types (contract sections
/// 0.9 and 6.1), so: `null` and a neutral value (`false`, `0`, `""`, `[]`, `{}`) of another type
/// mean "not sent"; `5.0` is a whole number; texts of numbers are numbers and the other way round;
/// one text stands for a list of one; unknown fields are ignored; closed sets are compared without
/// case, and those of models are open to newer words of the same families. Rejected are values of
/// clearly wrong types, unknown words of closed sets, texts and lists over their limits, numbers
/// out of range, and bodies that lack what the work is made from.
public final class RequestSchema {
  private final ObjectNode json;
  private final Rule root;

  RequestSchema(ObjectNode json, Rule root) {
    this.json = json;
    this.root = root;
  }

  /// Checks a body and tells all faults. The body itself is not changed, but parts of it may be
  /// shared with the result.
  public Checked check(ObjectNode body) {
    List<Fault> faults = new ArrayList<>();
    ObjectNode cleaned =
        root.clean(body, "", faults) instanceof ObjectNode object
            ? object
            : JsonNodeFactory.instance.objectNode();
    return new Checked(cleaned, faults);
  }

  /// The names of the fields it knows, in the order of the file.
  public List<String> fields() {
    return List.copyOf(json.path("properties").propertyNames());
  }

  /// The schema as JSON Schema 2020-12, with the common fields and every limit written out. A copy.
  public ObjectNode json() {
    return json.deepCopy();
  }
}
