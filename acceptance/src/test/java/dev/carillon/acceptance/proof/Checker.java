package dev.carillon.acceptance.proof;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Holds a history against the laws.
///
/// 1. Every task that was accepted is there, ended as it had to, and one key is one task.
/// 2. It ended exactly once: one event of an end, that of its state.
/// 3. The books balance: nothing is held, what succeeded was charged, the rest was not, and balance
///    and charges are what was given.
/// 4. Its callback came and was answered 2xx, under one id, that of its event, and always with the
///    same bytes.
/// 5. The provider was asked for it at most once, and once when it succeeded there, and the result
///    is the one that was made for it.
/// 6. Whoever was told of it finds it on every node, and an end that was seen never went or
///    changed. That a task runs may be shown up to a second before it is durable; how often a
///    reader saw that taken back is counted.
/// 7. Who followed the feed missed nothing, and had it in the feed's order.
/// 8. What was cancelled for sure is cancelled.
/// 9. The store that was left is sound, says the product's own `store check`.
final class Checker {
  private static final int SHOWN = 25;

  private final Map<String, String> taskOfKey = new HashMap<>();
  private final Map<String, Load.Kind> kinds = new HashMap<>();
  private final Map<String, JsonNode> finals = new LinkedHashMap<>();
  private final Map<String, String> finalOfKey = new HashMap<>();
  private final Map<String, List<JsonNode>> callbacks = new HashMap<>();
  private final Map<String, List<JsonNode>> generated = new HashMap<>();
  private final Map<String, List<JsonNode>> ends = new HashMap<>();
  private final List<String> heard = new ArrayList<>();
  private final List<String> feed = new ArrayList<>();
  private final Map<String, String> seen = new HashMap<>();
  private final Map<String, String> resultOfEnded = new HashMap<>();
  private final Map<String, JsonNode> cancels = new HashMap<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private final List<JsonNode> looks = new ArrayList<>();
  private final Set<String> allowed = new HashSet<>();
  private final List<String> broken = new ArrayList<>();
  private BigDecimal spendable = BigDecimal.ZERO;
  private BigDecimal given = BigDecimal.ZERO;

  private Checker() {}

  /// Checks a run and prints what was counted.
  ///
  /// @throws AssertionError when a law was broken
  static void check(Run run) throws IOException {
    var checker = of(run.history().file());
    run.say("counted %s".formatted(checker.counts));
    run.say("broken laws: %d".formatted(checker.broken.size()));
    checker.broken.stream().limit(SHOWN).forEach(line -> run.say("BROKEN " + line));
    if (!checker.broken.isEmpty()) {
      throw new AssertionError(
          checker.broken.size()
              + " laws broken with seed "
              + run.options().seed()
              + ": "
              + checker.broken.stream().limit(SHOWN).toList());
    }
  }

  /// Checks a file of before, and gives what was broken in it.
  static List<String> brokenIn(Path file) throws IOException {
    return List.copyOf(of(file).broken);
  }

  private static Checker of(Path file) throws IOException {
    var checker = new Checker();
    History.each(file, checker::take);
    checker.judge();
    return checker;
  }

  private void take(JsonNode line) {
    String what = text(line, "what");
    counts.merge(what, 1, Integer::sum);
    String task = text(line, "task");
    switch (what) {
      case "allow" -> allowed.add(text(line, "state"));
      case "sent" -> kinds.put(text(line, "key"), Load.Kind.valueOf(text(line, "kind")));
      case "accepted" -> accepted(line);
      case "final" -> finalTask(line);
      case "callback" ->
          callbacks.computeIfAbsent(text(line, "key"), _ -> new ArrayList<>()).add(line);
      case "generated" -> generated.computeIfAbsent(task, _ -> new ArrayList<>()).add(line);
      case "event" -> event(line);
      case "heard" -> heard.add(text(line, "cursor") + " " + text(line, "id"));
      case "read" -> read(line);
      case "cancel" -> cancels.put(task, line);
      case "store" -> looks.add(line);
      case "balance" -> {
        spendable = new BigDecimal(text(line, "spendable"));
        given = new BigDecimal(text(line, "given"));
      }
      default -> {
        // Counted, and no law's matter.
      }
    }
  }

  private static String text(JsonNode line, String name) {
    return line.path(name).asString("");
  }

  private void accepted(JsonNode line) {
    String before = taskOfKey.put(text(line, "key"), text(line, "task"));
    if (before != null && !before.equals(text(line, "task"))) {
      broken.add("1 key " + text(line, "key") + " became " + before + " and " + text(line, "task"));
    }
  }

  private void finalTask(JsonNode line) {
    counts.merge("final " + text(line, "state"), 1, Integer::sum);
    if (finals.put(text(line, "task"), line) != null) {
      broken.add("1 listed twice: " + text(line, "task"));
    }
    String other = finalOfKey.put(text(line, "key"), text(line, "task"));
    if (other != null) {
      broken.add("1 key " + text(line, "key") + " is " + other + " and " + text(line, "task"));
    }
  }

  private void event(JsonNode line) {
    feed.add(text(line, "cursor") + " " + text(line, "id"));
    String type = text(line, "type");
    if (isEnd(type.replace("task.", ""))) {
      ends.computeIfAbsent(text(line, "task"), _ -> new ArrayList<>()).add(line);
    }
  }

  private static boolean isEnd(String state) {
    return Set.of("succeeded", "failed", "cancelled", "expired").contains(state);
  }

  private void read(JsonNode line) {
    String task = text(line, "task");
    String state = text(line, "state");
    String before = seen.put(text(line, "reader") + " " + line.path("reader") + task, state);
    if (state.equals("missing")) {
      broken.add("6 missing at node " + line.path("node") + ": " + task);
      return;
    }
    if (before != null && rank(before) == 1 && rank(state) == 0) {
      counts.merge("running taken back", 1, Integer::sum);
    } else if (before != null && rank(state) < rank(before)) {
      broken.add(
          "6 went back from %s to %s at node %s after %s ms: %s"
              .formatted(before, state, line.path("node"), line.path("ms"), task));
    }
    if (isEnd(state)) {
      String result = state + text(line, "result");
      String known = resultOfEnded.putIfAbsent(task, result);
      if (known != null && !known.equals(result)) {
        broken.add("6 an end changed: " + task);
      }
    }
  }

  private static int rank(String state) {
    return state.equals("missing") || state.equals("queued") ? 0 : isEnd(state) ? 2 : 1;
  }

  private void judge() {
    taskOfKey.forEach((key, task) -> {
      if (!finals.containsKey(task)) {
        broken.add("1 lost: " + key + " " + task);
      }
    });
    BigDecimal charged = BigDecimal.ZERO;
    for (JsonNode task : finals.values()) {
      charged = charged.add(new BigDecimal(text(task, "charged")));
      judge(task);
    }
    if (spendable.add(charged).compareTo(given) != 0) {
      broken.add("3 given %s, left %s, charged %s".formatted(given, spendable, charged));
    }
    generated.keySet().stream()
        .filter(task -> !finals.containsKey(task))
        .forEach(task -> broken.add("5 generated for nobody: " + task));
    judgeFeed();
    if (looks.isEmpty()) {
      broken.add("9 nobody looked at the store");
    }
    looks.stream()
        .filter(line -> line.path("status").asInt(-1) != 0)
        .forEach(line -> broken.add("9 the store is not sound: " + line));
  }

  private void judge(JsonNode task) {
    String id = text(task, "task");
    String key = text(task, "key");
    String state = text(task, "state");
    Load.Kind kind = kinds.get(key);
    if (kind == null) {
      broken.add("1 never sent: " + id + " " + key);
      return;
    }
    if (!allowed.contains(state) && !endings(kind).contains(state)) {
      broken.add("1 %s of kind %s ended %s: %s".formatted(id, kind, state, text(task, "error")));
    }
    List<JsonNode> itsEnds = ends.getOrDefault(id, List.of());
    if (itsEnds.size() != 1 || !text(itsEnds.getFirst(), "type").equals("task." + state)) {
      broken.add("2 %s is %s, its ends: %s".formatted(id, state, itsEnds));
    }
    boolean paid = new BigDecimal(text(task, "charged")).signum() > 0;
    if (new BigDecimal(text(task, "held")).signum() != 0 || paid != state.equals("succeeded")) {
      broken.add("3 money of " + task);
    }
    judgeCallbacks(key, itsEnds);
    judgeProvider(task, kind);
    String read = resultOfEnded.getOrDefault(id, state + text(task, "result"));
    if (!read.equals(state + text(task, "result"))) {
      broken.add("6 an end changed: " + id);
    }
    if (text(cancels.getOrDefault(id, task), "word").equals("confirmed")
        && !state.equals("cancelled")) {
      broken.add("8 cancelled for sure, and " + state + ": " + id);
    }
  }

  private static Set<String> endings(Load.Kind kind) {
    return switch (kind) {
      case FAILS -> Set.of("failed");
      case CANCELLED -> Set.of("cancelled", "succeeded");
      case SANDBOX, SLOW, UPSTREAM -> Set.of("succeeded");
    };
  }

  private void judgeCallbacks(String key, List<JsonNode> itsEnds) {
    List<JsonNode> its = callbacks.getOrDefault(key, List.of());
    var ids = new HashSet<String>();
    var bytes = new HashSet<String>();
    its.forEach(line -> {
      ids.add(text(line, "id"));
      bytes.add(text(line, "bytes"));
    });
    if (its.stream().noneMatch(line -> line.path("status").asInt(0) / 100 == 2)) {
      broken.add("4 no callback that was taken: " + key);
    } else if (ids.size() != 1 || bytes.size() != 1) {
      broken.add("4 callbacks of %s: ids %s, bytes %s".formatted(key, ids, bytes));
    } else if (itsEnds.size() == 1 && !ids.contains(text(itsEnds.getFirst(), "id"))) {
      broken.add("4 callback %s of %s is not its event".formatted(ids, key));
    }
  }

  private void judgeProvider(JsonNode task, Load.Kind kind) {
    String id = text(task, "task");
    List<JsonNode> jobs = generated.getOrDefault(id, List.of());
    if (jobs.size() > 1) {
      broken.add("5 generated %d times: %s".formatted(jobs.size(), id));
    }
    if (kind == Load.Kind.UPSTREAM && text(task, "state").equals("succeeded") && jobs.isEmpty()) {
      broken.add("5 succeeded, and nobody made it: " + id);
    }
    String result = text(task, "text");
    if (result.contains("/files/job-")
        && !jobs.isEmpty()
        && !result.contains("/files/" + text(jobs.getFirst(), "job") + ".png")) {
      broken.add("5 somebody else's result: " + id + " " + result);
    }
  }

  private void judgeFeed() {
    if (heard.isEmpty()) {
      return;
    }
    int size = Math.min(heard.size(), feed.size());
    if (heard.size() > feed.size() || !heard.equals(feed.subList(0, size))) {
      int first = 0;
      while (first < size && heard.get(first).equals(feed.get(first))) {
        first++;
      }
      broken.add(
          "7 the feed as heard differs at place %d of %d: %s, in the end %s"
              .formatted(
                  first,
                  size,
                  heard.get(Math.min(first, heard.size() - 1)),
                  feed.get(Math.min(first, feed.size() - 1))));
    }
  }
}
