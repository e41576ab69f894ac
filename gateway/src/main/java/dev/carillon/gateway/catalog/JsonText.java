package dev.carillon.gateway.catalog;

import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JsonNode;

/// Writes values as JSON.
final class JsonText {
  private JsonText() {}

  static void write(Object value, StringBuilder out) {
    switch (value) {
      case CharSequence text -> quote(text, out);
      case BigDecimal number -> out.append(number.toPlainString());
      case Double number when !Double.isFinite(number) -> out.append("null");
      case Float number when !Float.isFinite(number) -> out.append("null");
      case Number number -> out.append(number);
      case Boolean flag -> out.append(flag.booleanValue());
      case JsonNode node -> out.append(node);
      case Map<?, ?> map -> object(map, out);
      case Iterable<?> list -> list(list, out);
      default -> {
        if (value == Gap.NULL) {
          out.append("null");
        } else {
          quote(value.toString(), out);
        }
      }
    }
  }

  static void quote(CharSequence text, StringBuilder out) {
    out.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, out);
    out.append('"');
  }

  private static void object(Map<?, ?> map, StringBuilder out) {
    out.append('{');
    String comma = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(comma);
      quote(String.valueOf(entry.getKey()), out);
      out.append(':');
      orNull(entry.getValue(), out);
      comma = ",";
    }
    out.append('}');
  }

  private static void list(Iterable<?> list, StringBuilder out) {
    out.append('[');
    String comma = "";
    for (Object one : list) {
      out.append(comma);
      orNull(one, out);
      comma = ",";
    }
    out.append(']');
  }

  private static void orNull(@Nullable Object value, StringBuilder out) {
    if (value == null) {
      out.append("null");
    } else {
      write(value, out);
    }
  }
}
