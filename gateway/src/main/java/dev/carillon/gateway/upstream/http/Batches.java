package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.upstream.http.Definition.Batch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/// Asks for many jobs with one request. Whoever comes while a request is under way is in the next
/// one, so nobody waits for company. That is made beside it as soon as it is full: a provider that
/// takes its time to answer would else be asked for so many jobs a second and no more.
final class Batches {
  /// Requests of a key that are made at a time, each but one of them full. The provider's rate is
  /// kept by all of them together.
  private static final int MOST_AT_ONCE = 4;

  private final Talk talk;
  private final Turn turn;
  private final Map<String, Line> lines = new ConcurrentHashMap<>();

  /// Waits until a key may be used.
  @FunctionalInterface
  interface Turn {
    void await(ProviderKey key) throws InterruptedException;
  }

  Batches(Talk talk, Turn turn) {
    this.talk = talk;
    this.turn = turn;
  }

  /// Those who wait for the next request of a key. Guards itself.
  private static final class Line {
    private final Map<String, CompletableFuture<Reply>> waiting = new LinkedHashMap<>();
    private int underWay;

    synchronized CompletableFuture<Reply> join(String id) {
      return waiting.computeIfAbsent(id, _ -> new CompletableFuture<>());
    }

    /// Those of the next request, for the one who makes it; empty when another does.
    synchronized Map<String, CompletableFuture<Reply>> lead(int most) {
      boolean full = waiting.size() >= most && underWay < MOST_AT_ONCE;
      if (waiting.isEmpty() || (underWay > 0 && !full)) {
        return Map.of();
      }
      underWay++;
      Map<String, CompletableFuture<Reply>> next = new LinkedHashMap<>();
      var first = waiting.entrySet().iterator();
      while (first.hasNext() && next.size() < most) {
        Map.Entry<String, CompletableFuture<Reply>> one = first.next();
        next.put(one.getKey(), one.getValue());
        first.remove();
      }
      return next;
    }

    synchronized int size() {
      return waiting.size();
    }

    synchronized void done() {
      underWay--;
    }
  }

  private Line line(Batch batch, ProviderKey key) {
    return lines.computeIfAbsent(key.id() + batch.items(), _ -> new Line());
  }

  /// How many jobs wait for the next request.
  int waiting(Batch batch, ProviderKey key) {
    return line(batch, key).size();
  }

  /// The answer about one job, as if it had been asked for alone.
  Reply ask(Batch batch, ProviderKey key, String id) throws InterruptedException {
    Line line = line(batch, key);
    CompletableFuture<Reply> mine = line.join(id);
    while (!mine.isDone()) {
      Map<String, CompletableFuture<Reply>> led = line.lead(batch.most());
      if (led.isEmpty()) {
        return await(mine);
      }
      lead(batch, key, led, line);
    }
    return await(mine);
  }

  private void lead(
      Batch batch, ProviderKey key, Map<String, CompletableFuture<Reply>> led, Line line)
      throws InterruptedException {
    Reply whole = new Reply.Lost("the request was not made");
    try {
      turn.await(key);
      Map<String, Object> input = Map.of("ids", new ArrayList<>(led.keySet()));
      whole = talk.send(Talk.Said.again("batch", batch.step()), key, input);
    } finally {
      line.done();
      try {
        spread(batch, whole, led);
      } finally {
        pass(batch, key, line);
      }
    }
  }

  /// Those who came meanwhile need somebody to make their request.
  private void pass(Batch batch, ProviderKey key, Line line) {
    Map<String, CompletableFuture<Reply>> next = line.lead(batch.most());
    if (!next.isEmpty()) {
      Thread.ofVirtual()
          .name("batch-" + key.id())
          .start(() -> {
            try {
              lead(batch, key, next, line);
            } catch (InterruptedException nobodyDoes) {
              Thread.currentThread().interrupt();
            }
          });
    }
  }

  private static void spread(Batch batch, Reply whole, Map<String, CompletableFuture<Reply>> led) {
    Map<String, Reply> replies = new HashMap<>();
    if (whole instanceof Reply.Answered answered && answered.ok()) {
      try {
        replies.putAll(parts(batch, answered));
      } catch (RuntimeException misfit) { // whatever it is, they all wait for an answer
        whole = new Reply.Lost(String.valueOf(misfit.getMessage()));
      }
    }
    Reply other =
        whole instanceof Reply.Answered answered && answered.ok()
            ? new Reply.Lost("the answer does not speak of it")
            : whole;
    led.forEach((id, future) -> future.complete(replies.getOrDefault(id, other)));
  }

  private static Map<String, Reply> parts(Batch batch, Reply.Answered answered) {
    Map<String, Reply> parts = new HashMap<>();
    Optional<Object> items = batch.items().evaluate(answered.input());
    List<?> all =
        items.map(found -> found instanceof List<?> list ? list : List.of(found)).orElse(List.of());
    for (Object item : all) {
      if (item == null) {
        continue;
      }
      Map<String, Object> input = Map.of("answer", item);
      batch.id().text(input).ifPresent(id -> parts.put(id, Reply.Answered.part(answered, item)));
    }
    return parts;
  }

  private static Reply await(CompletableFuture<Reply> mine) throws InterruptedException {
    try {
      return mine.get();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
