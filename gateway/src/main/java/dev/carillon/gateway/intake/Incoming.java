package dev.carillon.gateway.intake;

import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Form;
import dev.carillon.gateway.http.JsonObject;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Finds the request of a call: a JSON body, a form, or the query; with the fields that an endpoint
/// takes from headers and path segments added.
public final class Incoming {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Incoming() {}

  static JsonObject of(Call call, Catalog.Match match) {
    Endpoint endpoint = match.endpoint();
    JsonObject body = body(call, endpoint);
    boolean changed = false;
    for (Map.Entry<String, String> header : endpoint.headers().entrySet()) {
      changed |= fill(body.node(), header.getValue(), call.header(header.getKey()));
    }
    for (Map.Entry<String, String> segment : match.parameters().entrySet()) {
      changed |= fill(body.node(), segment.getKey(), Optional.of(segment.getValue()));
    }
    return changed ? written(body.node()) : body;
  }

  private static JsonObject body(Call call, Endpoint endpoint) {
    if (!endpoint.method().equals("POST")) {
      return query(call, endpoint);
    }
    return Form.isSentBy(call) ? form(Form.of(call)) : call.json();
  }

  private static JsonObject query(Call call, Endpoint endpoint) {
    ObjectNode node = JSON.createObjectNode();
    for (String field : endpoint.request().fields()) {
      fill(node, field, call.query(field));
    }
    return written(node);
  }

  /// A form as an object: files become `data:` URLs, repeated fields and fields named `x[]` become
  /// lists.
  public static JsonObject form(Form form) {
    ObjectNode node = JSON.createObjectNode();
    for (Form.Part part : form.parts()) {
      boolean list = part.name().endsWith("[]");
      String name = list ? part.name().substring(0, part.name().length() - 2) : part.name();
      String value = part.fileName().isPresent() ? dataUrl(part) : part.text();
      if (node.get(name) instanceof ArrayNode several) {
        several.add(value);
      } else if (list || node.has(name)) {
        ArrayNode several = JSON.createArrayNode();
        Optional.ofNullable(node.get(name)).ifPresent(several::add);
        node.set(name, several.add(value));
      } else {
        node.put(name, value);
      }
    }
    return written(node);
  }

  private static String dataUrl(Form.Part part) {
    return "data:"
        + part.contentType().orElse("application/octet-stream")
        + ";base64,"
        + Base64.getEncoder().encodeToString(part.content());
  }

  private static boolean fill(ObjectNode node, String field, Optional<String> value) {
    if (value.isEmpty() || node.has(field)) {
      return false;
    }
    node.put(field, value.get());
    return true;
  }

  private static JsonObject written(ObjectNode node) {
    return new JsonObject(node.toString(), node);
  }
}
