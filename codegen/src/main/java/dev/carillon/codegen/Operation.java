package dev.carillon.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// One endpoint that makes tasks, as a class of its own.
///
/// @param path below the service, such as `images/edits`
/// @param summary one sentence
/// @param fields of its request
record Operation(String path, String summary, List<Field> fields) {

  static Operation of(String service, JsonNode endpoint) {
    String path = endpoint.path("path").asString("").substring(service.length() + 2);
    JsonNode request = endpoint.path("request");
    Set<String> required =
        StreamSupport.stream(request.path("required").spliterator(), false)
            .map(JsonNode::asString)
            .collect(Collectors.toSet());
    var fields = new ArrayList<Field>();
    for (Map.Entry<String, JsonNode> field : request.path("properties").properties()) {
      fields.add(new Field(field.getKey(), field.getValue(), required.contains(field.getKey())));
    }
    return new Operation(path, endpoint.path("summary").asString(path), fields);
  }

  /// Those that make tasks are created by a POST to a path without parts to fill in.
  static boolean makesTasks(JsonNode endpoint) {
    String method = endpoint.path("method").asString("POST");
    return method.equals("POST")
        && !endpoint.path("path").asString("").contains("{")
        && !endpoint.path("make").isMissingNode();
  }

  String type() {
    return Names.type(path) + "Request";
  }

  /// The method that begins a request.
  String factory(String service) {
    return """
      /// %s
      ///
    %s  public static %s %s(%s) {
        return new %s()%s;
      }
    """
        .formatted(
            summary,
            asked(field -> "  /// @param " + field.name() + " " + field.doc() + "\n", ""),
            type(),
            Names.member(path),
            asked(field -> field.javaType() + " " + field.name(), ", "),
            type(),
            asked(field -> "." + field.name() + "(" + field.name() + ")", ""))
        .replace("  ///\n  public", "  public");
  }

  private String asked(Function<Field, String> form, String between) {
    return fields.stream().filter(Field::asked).map(form).collect(Collectors.joining(between));
  }

  /// The class of the request.
  String text(String service) {
    String presets =
        fields.stream()
            .flatMap(field ->
                field.preset().stream()
                    .map(value ->
                        "      set(%s, %s);\n"
                            .formatted(ServiceSource.quoted(field.wire()), value)))
            .collect(Collectors.joining());
    return """
      /// %s Sent to `/%s/%s`.
      public static final class %s extends TypedRequest<%s> {
        private %s() {
          super(%s, %s);
    %s    }

    %s
        @Override
        protected %s self() {
          return this;
        }
      }
    """
        .formatted(
            summary,
            service,
            path,
            type(),
            type(),
            type(),
            ServiceSource.quoted(service),
            ServiceSource.quoted(path),
            presets,
            fields.stream().map(this::setter).collect(Collectors.joining("\n")),
            type());
  }

  private String setter(Field field) {
    return """
        /// %s
        public %s %s(%s value) {
          return set(%s, value);
        }
    """
        .formatted(
            field.doc(),
            type(),
            field.name(),
            field.javaType(),
            ServiceSource.quoted(field.wire()));
  }
}
