package dev.carillon.gateway.catalog;

import dev.carillon.api.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The OpenAPI 3.1 document of everything the gateway serves, made from the catalog when it is
/// first asked for. Safe for many threads.
public final class OpenApi {
  /// What every creating request may say beside its body.
  private static final List<String> CREATING =
      List.of("Prefer", "DryRun", "IdempotencyKey", "MaxCost", "StartBy", "FinishBy", "KeepFor");

  private static final String DOCUMENT = "document";
  private static final String SCHEMAS = "#/components/schemas/";

  private final Catalog catalog;
  private final Map<String, byte[]> made = new ConcurrentHashMap<>();

  public OpenApi(Catalog catalog) {
    this.catalog = catalog;
  }

  /// The document as JSON in UTF-8; not to be changed.
  public byte[] bytes() {
    return made.computeIfAbsent(DOCUMENT, _ -> Trees.bytes(document()));
  }

  private ObjectNode document() {
    ObjectNode document = Trees.yaml(Shipped.resource("openapi.yaml")).asObject();
    ArrayNode codes = document.withObject("/components/schemas/ErrorCode").putArray("examples");
    for (ErrorCode code : ErrorCode.values()) {
      codes.add(code.wire());
    }
    ObjectNode paths = document.withObject("/paths");
    for (Service service : catalog.services()) {
      document
          .withArray("/tags")
          .addObject()
          .put("name", service.name())
          .put("description", service.description());
      for (Endpoint endpoint : service.endpoints()) {
        String method = endpoint.method().toLowerCase(Locale.ROOT);
        path(paths, endpoint.path()).set(method, operation(endpoint));
      }
      path(paths, "/" + service.name() + "/tasks").set("post", query(service));
    }
    return document;
  }

  private static ObjectNode path(ObjectNode paths, String path) {
    return paths.get(path) instanceof ObjectNode there ? there : paths.putObject(path);
  }

  private static ObjectNode operation(Endpoint endpoint) {
    ObjectNode operation = start(endpoint.service(), endpoint.method(), endpoint.path());
    operation.put("summary", endpoint.summary());
    operation.put("description", words(endpoint));
    ObjectNode schema = endpoint.request().json();
    ArrayNode parameters = operation.putArray("parameters");
    if (endpoint.method().equals("POST")) {
      CREATING.forEach(
          name -> parameters.addObject().put("$ref", "#/components/parameters/" + name));
      endpoint
          .headers()
          .forEach((header, field) ->
              parameter(parameters, header, "header")
                  .put("description", "Stands for the field " + field + ".")
                  .putObject("schema")
                  .put("type", "string"));
      content(operation.putObject("requestBody").put("required", true)).set("schema", schema);
    } else {
      queryParameters(parameters, endpoint, schema);
    }
    ObjectNode responses = operation.putObject("responses");
    ObjectNode done = responses.putObject("200").put("description", "The result, or the task id.");
    ArrayNode forms = content(done).putObject("schema").putArray("anyOf");
    if (endpoint.style() != Style.TASK) {
      forms.add(endpoint.response().schema());
    }
    forms.addObject().put("$ref", SCHEMAS + "Accepted");
    responses.putObject("default").put("$ref", "#/components/responses/Error");
    return operation;
  }

  private static void queryParameters(ArrayNode parameters, Endpoint endpoint, ObjectNode schema) {
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      String name = field.getKey();
      if (name.equals("async") || name.equals("callback_url") || name.equals("trace_id")) {
        continue;
      }
      boolean inPath = endpoint.path().contains("{" + name + "}");
      ObjectNode parameter = parameter(parameters, name, inPath ? "path" : "query");
      if (inPath) {
        parameter.put("required", true);
      }
      parameter.put("description", field.getValue().path("description").asString(""));
      parameter.set("schema", field.getValue());
    }
  }

  private static ObjectNode parameter(ArrayNode parameters, String name, String in) {
    return parameters.addObject().put("name", name).put("in", in);
  }

  private static String words(Endpoint endpoint) {
    String style = endpoint.style().name().toLowerCase(Locale.ROOT);
    String per =
        endpoint.price().per().isEmpty()
            ? ""
            : " for each unit of `" + endpoint.price().per() + "`";
    return "Style `%s`. Costs %s credits%s on success. Takes %d to %d seconds as a rule."
        .formatted(
            style,
            endpoint.price().amount(),
            per,
            endpoint.estimate().low().toSeconds(),
            endpoint.estimate().high().toSeconds());
  }

  private static ObjectNode query(Service service) {
    ObjectNode operation = start(service.name(), "POST", "/" + service.name() + "/tasks");
    operation.put("summary", "Show tasks of " + service.title() + ".");
    content(operation.putObject("requestBody").put("required", true))
        .putObject("schema")
        .put("$ref", SCHEMAS + "TaskQuery");
    ObjectNode responses = operation.putObject("responses");
    ObjectNode schema =
        content(responses.putObject("200").put("description", "The task, or a list of tasks."))
            .putObject("schema");
    if (service.tasks() == TaskShape.GENERIC) {
      ArrayNode forms = schema.putArray("anyOf");
      forms.addObject().put("$ref", SCHEMAS + "TaskRecord");
      forms.addObject().put("$ref", SCHEMAS + "TaskBatch");
    } else {
      String form = service.tasks().name().toLowerCase(Locale.ROOT).replace('_', '-');
      schema.put("type", "object").put("description", "A task in the form " + form + ".");
    }
    responses.putObject("default").put("$ref", "#/components/responses/Error");
    return operation;
  }

  private static ObjectNode start(String tag, String method, String path) {
    ObjectNode operation = JsonNodeFactory.instance.objectNode();
    operation.putArray("tags").add(tag);
    String words = path.substring(1).replaceAll("[^A-Za-z0-9]+", "_").replaceAll("_$", "");
    return operation.put("operationId", method.toLowerCase(Locale.ROOT) + "_" + words);
  }

  private static ObjectNode content(ObjectNode holder) {
    return holder.putObject("content").putObject("application/json");
  }
}
