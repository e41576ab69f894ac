package dev.carillon.gateway.catalog;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An object.
///
/// @param rules the known fields; when there are none the object is taken as it is
/// @param defaults values of fields that were not sent
/// @param needs what must be there after that
record Fields(Map<String, Rule> rules, Map<String, JsonNode> defaults, List<Need> needs)
    implements Rule {

  @Override
  public JsonNode clean(JsonNode value, String at, List<Fault> faults) {
    if (!value.isObject()) {
      return wrongOrNothing(value, at, faults);
    }
    if (rules.isEmpty()) {
      return value.isEmpty() && !at.isEmpty() ? Rule.absent() : value;
    }
    if (value.isEmpty() && !at.isEmpty()) {
      return Rule.absent();
    }
    int before = faults.size();
    ObjectNode cleaned = NODES.objectNode();
    rules.forEach((name, rule) -> {
      JsonNode sent = value.path(name);
      JsonNode one = sent.isMissingNode() ? sent : rule.clean(sent, path(at, name), faults);
      if (!one.isMissingNode()) {
        cleaned.set(name, one);
      } else if (defaults.containsKey(name)) {
        cleaned.set(name, defaults.getOrDefault(name, one));
      }
    });
    Set<String> wrong =
        faults.subList(before, faults.size()).stream()
            .map(Fault::field)
            .collect(Collectors.toUnmodifiableSet());
    needs.forEach(need -> need.check(new Need.Body(cleaned, at, wrong), faults));
    return cleaned;
  }

  private JsonNode wrongOrNothing(JsonNode value, String at, List<Fault> faults) {
    return Rule.wrongType(this, value, at, faults);
  }

  static String path(String at, String name) {
    return at.isEmpty() ? name : at + "." + name;
  }

  @Override
  public String wanted() {
    return "an object";
  }
}
