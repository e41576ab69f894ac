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
import okio.ByteString;

/// Asks for many jobs with one request. Whoever comes while a request is under way is in the next
/// one, so nobody waits for company.
final class Batches {
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
    private boolean underWay;

    synchronized CompletableFuture<Reply> join(String id) {
      return waiting.computeIfAbsent(id, _ -> new CompletableFuture<>());
    }

    /// Those of the next request, for the one who makes it; empty when another does.
    synchronized Map<String, CompletableFuture<Reply>> lead(int most) {
      if (underWay || waiting.isEmpty()) {
        return Map.of();
      }
      underWay = true;
      Map<String, CompletableFuture<Reply>> next = new LinkedHashMap<>();
      for (String id : List.copyOf(waiting.keySet()).subList(0, Math.min(most, waiting.size()))) {
        next.put(id, waiting.getOrDefault(id, new CompletableFuture<>()));
        waiting.remove(id);
      }
      return next;
    }

    synchronized void done() {
      underWay = false;
    }
  }

  /// The answer about one job, as if it had been asked for alone.
  Reply ask(Batch batch, ProviderKey key, String id) throws InterruptedException {
    Line line = lines.computeIfAbsent(key.id() + batch.items(), _ -> new Line());
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
      spread(batch, whole, led);
      pass(batch, key, line);
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
      } catch (Expression.Failure misfit) {
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
      Map<String, Object> input = Map.of("answer", item);
      batch
          .id()
          .text(input)
          .ifPresent(id ->
              parts.put(
                  id,
                  new Reply.Answered(
                      200,
                      Map.of("content-type", "application/json"),
                      ByteString.of(Reply.Json.MAPPER.writeValueAsBytes(item)))));
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
