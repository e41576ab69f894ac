package dev.carillon.gateway.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/// What one value must be, compiled from its schema.
interface Rule {
  JsonNodeFactory NODES = JsonNodeFactory.instance;

  /// The value in its documented type, or a missing node when it counts as not sent.
  ///
  /// @param at the value's path, for messages; empty for the whole body
  JsonNode clean(JsonNode value, String at, List<Fault> faults);

  /// The kind of value wanted, for messages.
  String wanted();

  /// Values that clients send for "nothing", whatever the field's type.
  static boolean isNeutral(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL, MISSING -> true;
      case BOOLEAN -> !value.booleanValue();
      case NUMBER -> value.doubleValue() == 0;
      case STRING -> value.stringValue().isBlank();
      case ARRAY, OBJECT -> value.isEmpty();
      default -> false;
    };
  }

  /// The end of a value of another type: nothing when it is neutral, else a fault.
  static JsonNode wrongType(Rule rule, JsonNode value, String at, List<Fault> faults) {
    if (!isNeutral(value)) {
      String sent =
          switch (value.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case BOOLEAN -> "true";
            case NUMBER -> "a number";
            default -> "a text";
          };
      String name = at.isEmpty() ? "the body" : at;
      faults.add(
          new Fault(at, name + " must be " + rule.wanted() + ", but " + sent + " was sent."));
    }
    return absent();
  }

  static JsonNode absent() {
    return MissingNode.getInstance();
  }

  /// Anything at all.
  record Free() implements Rule {
    @Override
    public JsonNode clean(JsonNode value, String at, List<Fault> faults) {
      return value.isNull() ? absent() : value;
    }

    @Override
    public String wanted() {
      return "a value";
    }
  }

  /// A field whose value never rejects a request; an unusable one counts as not sent.
  record Forgiving(Rule rule) implements Rule {
    @Override
    public JsonNode clean(JsonNode value, String at, List<Fault> faults) {
      return rule.clean(value, at, new ArrayList<>());
    }

    @Override
    public String wanted() {
      return rule.wanted();
    }
  }

  /// A text or a list, as sent.
  record TextOrList(Text text, Items list) implements Rule {
    @Override
    public JsonNode clean(JsonNode value, String at, List<Fault> faults) {
      return value.isArray() ? list.clean(value, at, faults) : text.clean(value, at, faults);
    }

    @Override
    public String wanted() {
      return "a text or a list";
    }
  }

  /// A text, or an object that stands for one: the texts in it, else the object as written. Today's
  /// SDK calls a prompt an object.
  record TextOrObject(Text text) implements Rule {
    @Override
    public JsonNode clean(JsonNode value, String at, List<Fault> faults) {
      if (!value.isObject() || value.isEmpty()) {
        return text.clean(value, at, faults);
      }
      String told =
          value
              .valueStream()
              .filter(JsonNode::isString)
              .map(JsonNode::stringValue)
              .collect(Collectors.joining("\n"));
      String words = told.isBlank() ? value.toString() : told;
      return text.clean(NODES.stringNode(words), at, faults);
    }

    @Override
    public String wanted() {
      return "a text";
    }
  }

  /// True or false.
  record Flag() implements Rule {
    @Override
    public JsonNode clean(JsonNode value, String at, List<Fault> faults) {
      if (value.isBoolean()) {
        return value;
      }
      if (value.isNumber() && value.doubleValue() == 1) {
        return NODES.booleanNode(true);
      }
      String word = value.isString() ? value.stringValue().strip().toLowerCase(Locale.ROOT) : "";
      return switch (word) {
        case "true", "1", "yes", "on" -> NODES.booleanNode(true);
        case "false", "0", "no", "off" -> NODES.booleanNode(false);
        default -> wrongType(this, value, at, faults);
      };
    }

    @Override
    public String wanted() {
      return "true or false";
    }
  }

  /// A list.
  ///
  /// @param max how many elements at most
  record Items(Rule element, int max) implements Rule {
    @Override
    public JsonNode clean(JsonNode value, String at, List<Fault> faults) {
      if (!value.isArray()) {
        return isNeutral(value) ? absent() : single(value, at, faults);
      }
      if (value.size() > max) {
        faults.add(
            new Fault(
                at, at + " has " + value.size() + " elements; send at most " + max + " of them."));
        return absent();
      }
      var cleaned = NODES.arrayNode(value.size());
      for (int i = 0; i < value.size(); i++) {
        JsonNode one = element.clean(value.get(i), at + "[" + i + "]", faults);
        if (!one.isMissingNode()) {
          cleaned.add(one);
        }
      }
      return cleaned.isEmpty() ? absent() : cleaned;
    }

    private JsonNode single(JsonNode value, String at, List<Fault> faults) {
      boolean fits =
          (value.isString() && element instanceof Text)
              || (value.isObject() && element instanceof Fields);
      return fits
          ? clean(NODES.arrayNode(1).add(value), at, faults)
          : wrongType(this, value, at, faults);
    }

    @Override
    public String wanted() {
      return "a list";
    }
  }
}
