package dev.carillon.gateway.asset;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What became of each file of a task's answer, kept beside the files. It also remembers where each
/// came from; that stays with the operator.
record Manifest(List<Item> items) {
  /// The file it is kept in.
  static final String NAME = "manifest.json";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  Manifest {
    items = List.copyOf(items);
  }

  /// One file.
  ///
  /// @param pointers where it stands in the answer, as JSON pointers
  /// @param source the provider's address
  /// @param name of the kept file; empty when it was not kept
  /// @param failure why it was not kept; empty when it was
  record Item(
      List<String> pointers, String source, Optional<String> name, Optional<String> failure) {
    Item {
      pointers = List.copyOf(pointers);
    }
  }

  byte[] json() {
    ObjectNode root = JSON.createObjectNode();
    var list = root.putArray("files");
    for (Item item : items) {
      ObjectNode node = list.addObject();
      var pointers = node.putArray("pointers");
      item.pointers().forEach(pointers::add);
      node.put("source", item.source());
      item.name().ifPresent(name -> node.put("name", name));
      item.failure().ifPresent(failure -> node.put("failure", failure));
    }
    return JSON.writeValueAsBytes(root);
  }

  /// Reads one; an unreadable one says nothing.
  static Manifest of(byte[] json) {
    var items = new ArrayList<Item>();
    try {
      for (JsonNode node : JSON.readTree(json).path("files")) {
        var pointers = new ArrayList<String>();
        node.path("pointers").forEach(pointer -> pointers.add(pointer.asString("")));
        items.add(
            new Item(
                pointers,
                node.path("source").asString(""),
                text(node, "name"),
                text(node, "failure")));
      }
    } catch (JacksonException broken) {
      return new Manifest(List.of());
    }
    return new Manifest(items);
  }

  private static Optional<String> text(JsonNode node, String name) {
    return Optional.of(node.path(name).asString("")).filter(text -> !text.isEmpty());
  }
}
