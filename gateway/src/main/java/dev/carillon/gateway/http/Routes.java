package dev.carillon.gateway.http;

import dev.carillon.api.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Which handler answers which path. Patterns are normalised paths without `/v1`, such as
/// `/tasks/{id}`; a last `{name...}` takes the rest of the path, slashes included. Fill it before
/// the server starts; static paths win over patterns, earlier patterns over later ones.
public final class Routes {
  private final Map<String, Route> fixed = new HashMap<>();
  private final List<Route> patterned = new ArrayList<>();
  private Optional<Fallback> fallback = Optional.empty();

  public Routes get(String pattern, Handler handler) {
    return route("GET", pattern, handler);
  }

  public Routes post(String pattern, Handler handler) {
    return route("POST", pattern, handler);
  }

  public Routes delete(String pattern, Handler handler) {
    return route("DELETE", pattern, handler);
  }

  public Routes patch(String pattern, Handler handler) {
    return route("PATCH", pattern, handler);
  }

  /// Adds a handler for a method and a pattern.
  ///
  /// @throws IllegalArgumentException when both are taken already or the pattern is not normalised
  public Routes route(String method, String pattern, Handler handler) {
    var route =
        pattern.indexOf('{') < 0
            ? fixed.computeIfAbsent(pattern, Route::new)
            : patterned.stream()
                .filter(known -> known.pattern().equals(pattern))
                .findFirst()
                .orElseGet(() -> added(new Route(pattern)));
    route.add(method, handler);
    return this;
  }

  /// Who answers paths that no route knows; without one they are answered `404 no_api`.
  ///
  /// @param name what the call's path is counted as; from a small set of names, never the path
  ///   itself
  public Routes fallback(Handler handler, Function<Call, String> name) {
    fallback = Optional.of(new Fallback(handler, name));
    return this;
  }

  /// Answers a method that a known path has no handler for: `OPTIONS` with the list, all others by
  /// throwing.
  ///
  /// @param allow the list, as the header says it
  /// @throws Problem `method_not_allowed`
  public static Reply otherMethod(String method, String allow) {
    if (method.equals("OPTIONS")) {
      return new Reply.Empty(204, Map.of("Allow", allow));
    }
    throw new Problem(
            ErrorCode.METHOD_NOT_ALLOWED, method + " is not allowed here; use " + allow + ".")
        .header("Allow", allow);
  }

  /// All patterns with their methods, as `GET /tasks/{id}`, for documents and tests.
  public List<String> all() {
    var lines = new ArrayList<String>();
    fixed.values().forEach(route -> lines.addAll(route.lines()));
    patterned.forEach(route -> lines.addAll(route.lines()));
    lines.sort(null);
    return lines;
  }

  Optional<Fallback> fallback() {
    return fallback;
  }

  /// The route of a normalised path.
  Optional<Match> match(String path) {
    var route = fixed.get(path);
    if (route != null) {
      return Optional.of(new Match(route, Map.of()));
    }
    for (var candidate : patterned) {
      var parameters = candidate.match(path);
      if (parameters.isPresent()) {
        return Optional.of(new Match(candidate, parameters.get()));
      }
    }
    return Optional.empty();
  }

  private Route added(Route route) {
    patterned.add(route);
    return route;
  }

  /// Who answers paths that no route knows, and what they are counted as.
  record Fallback(Handler handler, Function<Call, String> name) {}

  /// A route with what stands in its pattern's names.
  record Match(Route route, Map<String, String> parameters) {}
}
