package dev.carillon.gateway.catalog;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A path of a template: where a value stands, and in which form it is wanted.
record Lookup(String root, List<String> steps, String filter) implements Alternative {
  private static final String ALL = "*";

  @Override
  public Object value(Scope scope) {
    boolean ofTask = root.equals("task") && !steps.isEmpty();
    Object start = ofTask ? scope.task(steps.getFirst()) : scope.root(root);
    return filtered(walk(start, ofTask ? 1 : 0));
  }

  private Object walk(Object start, int from) {
    Object at = start;
    for (int i = from; i < steps.size(); i++) {
      if (steps.get(i).equals(ALL)) {
        return gather(at, i + 1);
      }
      at = step(at, steps.get(i));
    }
    return at instanceof JsonNode node ? plain(node) : at;
  }

  private Object gather(Object at, int from) {
    if (!(at instanceof Iterable<?> all)) {
      return Gap.MISSING;
    }
    var found = new ArrayList<>();
    for (Object one : all) {
      Object value = walk(one, from);
      if (value != Gap.MISSING) {
        found.add(value);
      }
    }
    return found.isEmpty() ? Gap.MISSING : found;
  }

  private static Object step(Object at, String name) {
    return switch (at) {
      case Map<?, ?> map -> present(map.get(name));
      case JsonNode node when node.isArray() && isIndex(name) -> node.path(Integer.parseInt(name));
      case JsonNode node -> node.path(name);
      case List<?> list when isIndex(name) -> {
        int index = Integer.parseInt(name);
        yield index < list.size() ? present(list.get(index)) : Gap.MISSING;
      }
      default -> Gap.MISSING;
    };
  }

  private static boolean isIndex(String name) {
    return name.length() <= 4 && name.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Object present(@Nullable Object value) {
    return value == null ? Gap.MISSING : value;
  }

  private static Object plain(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return Gap.MISSING;
    }
    return node.isString() ? node.stringValue() : node;
  }

  private Object filtered(Object value) {
    if (value == Gap.MISSING || filter.isEmpty()) {
      return value;
    }
    String text = value.toString();
    return switch (filter) {
      case "compact" -> text.replace("-", "");
      case "int" -> whole(text);
      default -> text;
    };
  }

  private static Object whole(String text) {
    try {
      return new BigDecimal(text).longValue();
    } catch (NumberFormatException noNumber) {
      return Gap.MISSING;
    }
  }
}
