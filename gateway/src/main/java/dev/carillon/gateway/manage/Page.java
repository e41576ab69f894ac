package dev.carillon.gateway.manage;

import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Which part of a list is asked for, by `limit` and `offset`.
record Page(int offset, int limit) {
  static final int MOST = 300;
  static final int MOST_OFFSET = 100_000;
  private static final int USUAL = 50;

  static Page of(Call call) {
    return new Page(
        number(call, "offset", 0, 0, MOST_OFFSET), number(call, "limit", USUAL, 1, MOST));
  }

  static int number(Call call, String name, int usual, int min, int max) {
    return call.query(name)
        .map(text -> {
          try {
            int number = Integer.parseInt(text.strip());
            if (number >= min && number <= max) {
              return number;
            }
          } catch (NumberFormatException wrong) {
            // told below, as for a number out of range
          }
          throw Body.fault(name + " must be a whole number from " + min + " to " + max);
        })
        .orElse(usual);
  }

  /// The envelope of a list: `items`, again as `results`, as readers of both exist (contract
  /// section 7.13), and `count` of all that matched.
  <T> Reply reply(List<T> all, Function<T, ObjectNode> shown) {
    ObjectNode body = Shown.object().put("count", all.size());
    var items = new ArrayList<ObjectNode>();
    all.stream().skip(offset).limit(limit).map(shown).forEach(items::add);
    ArrayNode first = body.putArray("items");
    ArrayNode second = body.putArray("results");
    items.forEach(first::add);
    items.forEach(second::add);
    return Shown.ok(body);
  }

  /// Newest first unless `ordering=created_at`; the list comes oldest first.
  static <T> List<T> ordered(Call call, List<T> oldestFirst) {
    return call.query("ordering").orElse("").equals("created_at")
        ? oldestFirst
        : oldestFirst.reversed();
  }
}
