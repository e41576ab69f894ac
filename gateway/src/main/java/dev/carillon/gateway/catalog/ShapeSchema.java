package dev.carillon.gateway.catalog;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Tells a template's form as a JSON Schema: which fields an answer has.
final class ShapeSchema {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ShapeSchema() {}

  static ObjectNode of(Part part) {
    return switch (part) {
      case Part.Fixed fixed -> fixed(Trees.json(fixed.json()));
      case Part.Mixed _ -> type("string");
      case Part.Ref _ -> NODES.objectNode();
      case Part.Each each -> of(each.part());
      case Part.Items items -> {
        ObjectNode list = type("array");
        if (!items.parts().isEmpty()) {
          list.set("items", of(items.parts().getFirst()));
        }
        yield list;
      }
      case Part.Switch choice -> choice(choice);
      case Part.Fields fields -> fields(fields);
    };
  }

  private static ObjectNode fields(Part.Fields fields) {
    ObjectNode object = type("object");
    ObjectNode properties = object.putObject("properties");
    for (int i = 0; i < fields.keys().size(); i++) {
      String quoted = fields.keys().get(i);
      properties.set(quoted.substring(1, quoted.length() - 2), of(fields.values().get(i)));
    }
    return object;
  }

  private static ObjectNode choice(Part.Switch choice) {
    var schemas = choice.cases().values().stream().map(ShapeSchema::of).distinct().toList();
    if (schemas.size() == 1) {
      return schemas.getFirst();
    }
    ObjectNode any = NODES.objectNode();
    ArrayNode branches = any.putArray("anyOf");
    schemas.forEach(branches::add);
    return any;
  }

  private static ObjectNode fixed(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> type("string").set("const", value);
      case NUMBER -> type("number");
      case BOOLEAN -> type("boolean");
      default -> NODES.objectNode();
    };
  }

  private static ObjectNode type(String name) {
    return NODES.objectNode().put("type", name);
  }
}
