package dev.carillon.gateway.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// One pattern and its handlers by method.
final class Route {
  private static final String TAIL = "...}";

  private final String pattern;
  private final List<String> segments;
  private final Map<String, Handler> handlers = new TreeMap<>();

  Route(String pattern) {
    if (!Paths.normalise(pattern).equals(pattern)) {
      throw new IllegalArgumentException("not a normalised path: " + pattern);
    }
    this.pattern = pattern;
    this.segments = List.of(pattern.substring(1).split("/", -1));
  }

  String pattern() {
    return pattern;
  }

  void add(String method, Handler handler) {
    if (handlers.putIfAbsent(method, handler) != null) {
      throw new IllegalArgumentException("routed twice: " + method + " " + pattern);
    }
  }

  Optional<Handler> handler(String method) {
    return Optional.ofNullable(handlers.get(method));
  }

  /// The value of an `Allow` header: the methods with a handler, and those that follow from them.
  String allow() {
    var methods = new TreeSet<>(handlers.keySet());
    methods.add("OPTIONS");
    if (handlers.containsKey("GET")) {
      methods.add("HEAD");
    }
    return String.join(", ", methods);
  }

  List<String> lines() {
    return handlers.keySet().stream().map(method -> method + " " + pattern).toList();
  }

  /// What stands in the names, or empty when the path is not of this pattern.
  Optional<Map<String, String>> match(String path) {
    var found = new HashMap<String, String>();
    int from = 1;
    for (var segment : segments) {
      if (from > path.length()) {
        return Optional.empty();
      }
      boolean tail = segment.endsWith(TAIL);
      int slash = path.indexOf('/', from);
      int end = tail || slash < 0 ? path.length() : slash;
      if (segment.startsWith("{")) {
        if (end == from) {
          return Optional.empty();
        }
        found.put(nameOf(segment, tail), path.substring(from, end));
      } else if (segment.length() != end - from || !path.startsWith(segment, from)) {
        return Optional.empty();
      }
      from = end + 1;
    }
    return from > path.length() ? Optional.of(found) : Optional.empty();
  }

  private static String nameOf(String segment, boolean tail) {
    return segment.substring(1, segment.length() - (tail ? TAIL.length() : 1));
  }
}
