package dev.carillon.codegen;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// The Java file of one service: a factory method and a class for each endpoint that makes tasks.
///
/// @param service its name on the wire
/// @param title for people
/// @param operations its endpoints that make tasks; the first of those with the same path
record ServiceSource(String service, String title, List<Operation> operations) {
  static final String PACKAGE = "dev.carillon.client.service";

  static ServiceSource of(JsonNode service) {
    String name = service.path("name").asString("");
    List<Operation> operations =
        StreamSupport.stream(service.path("endpoints").spliterator(), false)
            .filter(Operation::makesTasks)
            .map(endpoint -> Operation.of(name, endpoint))
            .collect(
                Collectors.toMap(
                    Operation::path, one -> one, (first, _) -> first, LinkedHashMap::new))
            .values()
            .stream()
            .toList();
    return new ServiceSource(name, service.path("title").asString(name), operations);
  }

  boolean isEmpty() {
    return operations.isEmpty();
  }

  String name() {
    return Names.type(service);
  }

  String text() {
    return """
    // Written from the gateway's catalog when this library is built; not edited by hand.
    package %s;

    import javax.annotation.processing.Generated;

    /// Requests to %s.
    @Generated("dev.carillon.codegen")
    public final class %s {
      private %s() {}

    %s
    %s}
    """
        .formatted(
            PACKAGE,
            title,
            name(),
            name(),
            operations.stream().map(one -> one.factory(service)).collect(Collectors.joining("\n")),
            operations.stream().map(one -> one.text(service)).collect(Collectors.joining("\n")));
  }

  static String packageInfo() {
    return """
    /// Typed requests to each service of the catalog, written from it when this library is built.
    /// What is not here can be set with [TypedRequest#with] or sent with
    /// [dev.carillon.client.Carillon#submit(String, String, java.util.Map)].
    @NullMarked
    package %s;

    import org.jspecify.annotations.NullMarked;
    """
        .formatted(PACKAGE);
  }

  /// A Java string literal.
  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
