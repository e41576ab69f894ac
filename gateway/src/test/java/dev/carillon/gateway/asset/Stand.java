package dev.carillon.gateway.asset;

import dev.carillon.gateway.delivery.AddressGuard;
import dev.carillon.gateway.delivery.DeliveryConfig;
import dev.carillon.gateway.delivery.GuardedClient;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.testkit.HandClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;

/// A room of kept files over a store, with a clock in the hand; several may stand on one folder in
/// turn, as a process that is started again does.
final class Stand implements AutoCloseable {
  static final String BASE = "https://gateway.example";
  static final Duration KEEP = Duration.ofDays(30);

  final HandClock clock = new HandClock(Instant.parse("2026-11-26T10:00:00Z"));
  final Ids ids = new Ids(clock, new SplittableRandom(3));
  final Map<String, AtomicInteger> results = new ConcurrentHashMap<>();
  final AssetConfig config;
  final AssetKeeper.Parts parts;
  final AssetKeeper keeper;

  Stand(Path folder, AssetStore store) {
    this(folder, store, config(16, Duration.ofMinutes(5)));
  }

  Stand(Path folder, AssetStore store, AssetConfig config) {
    this(folder, store, config, Staging.Bounds.NONE);
  }

  Stand(Path folder, AssetStore store, AssetConfig config, Staging.Bounds bounds) {
    this.config = config;
    var guard = new AddressGuard(new DeliveryConfig.Addresses(true, true), 8192);
    parts =
        new AssetKeeper.Parts(
            store,
            new Staging(folder.resolve(".staging"), bounds),
            new Links(new byte[32], () -> BASE, clock),
            new GuardedClient(guard, Duration.ofSeconds(5), Duration.ofSeconds(5)),
            endpoint -> !endpoint.equals("/link/only"),
            new Counting());
    keeper = new AssetKeeper(config, parts, clock);
  }

  static AssetConfig config(int maxFiles, Duration patience) {
    return new AssetConfig(
        true,
        new AssetConfig.Copying(
            1 << 20, maxFiles, 4, Duration.ofSeconds(60), patience, Duration.ofMillis(5)),
        new AssetConfig.Uploads(1 << 20, 3, Duration.ofDays(7), Duration.ofSeconds(30)),
        Duration.ZERO,
        KEEP);
  }

  int count(String result) {
    return results.getOrDefault(result, new AtomicInteger()).get();
  }

  Task task(String endpoint, String request) {
    TaskId id = new TaskId(ids.next());
    var owner =
        new Owner(
            new AccountId(ids.next()), new ApplicationId(ids.next()), new CredentialId(ids.next()));
    Instant now = clock.instant();
    var order =
        new Order(
            id,
            owner,
            "veo",
            endpoint,
            "videos",
            id.toString(),
            now,
            request,
            Optional.empty(),
            Money.ZERO,
            now.plus(Duration.ofHours(1)));
    return new Task(order, new TaskState.Running(now, 0), Task.Settlement.HELD);
  }

  Task task() {
    return task("/veo/videos", "{}");
  }

  /// An answer with these texts in place of its `%s`, in order.
  static Answer answer(String json, String... texts) {
    String text = json;
    for (String each : texts) {
      text = text.replaceFirst("%s", Matcher.quoteReplacement(each));
    }
    return new Answer(text);
  }

  @Override
  public void close() {
    parts.guarded().close();
  }

  private final class Counting implements AssetListener {
    @Override
    public void copied(String result, long bytes, Duration took) {
      results.computeIfAbsent(result, _ -> new AtomicInteger()).incrementAndGet();
    }

    @Override
    public void uploaded(String result, long bytes) {}

    @Override
    public void swept(int count) {
      results.computeIfAbsent("swept", _ -> new AtomicInteger()).addAndGet(count);
    }
  }
}
