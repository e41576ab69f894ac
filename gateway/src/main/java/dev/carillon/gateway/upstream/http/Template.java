package dev.carillon.gateway.upstream.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A text with expressions in braces, such as `/v1/tasks/{job.id}`. In a path a value is one
/// segment, encoded; `{+expression}` may hold slashes, too.
final class Template {
  private final List<Part> parts;

  private Template(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  private record Part(
      String literal, Optional<Expression> expression, boolean open, boolean optional) {}

  static Template compile(String text) throws Expression.Mistake {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int from = text.indexOf('{', at);
      if (from < 0) {
        break;
      }
      int to = text.indexOf('}', from);
      if (to < 0) {
        throw new Expression.Mistake("'{' without '}'", from);
      }
      boolean open = text.startsWith("+", from + 1);
      boolean optional = text.startsWith("?", from + 1);
      int begin = from + (open || optional ? 2 : 1);
      Optional<Expression> value = Optional.of(part(text, begin, to));
      parts.add(new Part(text.substring(at, from), value, open, optional));
      at = to + 1;
    }
    parts.add(new Part(text.substring(at), Optional.empty(), false, false));
    return new Template(parts);
  }

  private static Expression part(String text, int begin, int end) throws Expression.Mistake {
    try {
      return Expression.compile(text.substring(begin, end));
    } catch (Expression.Mistake wrong) {
      throw new Expression.Mistake(String.valueOf(wrong.getMessage()), begin + wrong.offset());
    }
  }

  /// The text with the values put in as they are.
  ///
  /// @throws Expression.Failure when a value is missing
  String plain(Map<String, ?> input) {
    return render(input, false);
  }

  /// The text with the values encoded for a path.
  ///
  /// @throws Expression.Failure when a value is missing, or would leave its place in the path
  String path(Map<String, ?> input) {
    return render(input, true);
  }

  private String render(Map<String, ?> input, boolean path) {
    var out = new StringBuilder();
    for (Part part : parts) {
      out.append(part.literal());
      if (part.expression().isPresent()) {
        String value = value(part.expression().get(), part.optional(), input);
        out.append(!path ? value : part.open() ? segments(value) : segment(value));
      }
    }
    return out.toString();
  }

  private static String value(Expression expression, boolean optional, Map<String, ?> input) {
    Optional<String> value = expression.text(input).filter(text -> !text.isEmpty());
    return optional
        ? value.orElse("")
        : value.orElseThrow(() -> new Expression.Failure("'" + expression + "' has no value"));
  }

  private static String segment(String value) {
    if (value.equals(".") || value.equals("..")) {
      throw new Expression.Failure("a path cannot hold '" + value + "'");
    }
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String segments(String value) {
    List<String> all = new ArrayList<>();
    for (String one : value.split("/", -1)) {
      all.add(segment(one));
    }
    return String.join("/", all);
  }
}
