package dev.carillon.gateway.store.sqlite;

import com.sun.management.OperatingSystemMXBean;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.store.TaskStore.Accepted;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Prints how fast the store is here; asserts nothing. Run by hand: `StoreFigures
/// <accept|cycle|read> <seconds> <rounds> [rows to begin with]`.
final class StoreFigures {
  private static final int CALLERS = 64;
  private static final String REQUEST = "{\"prompt\":\"" + "a calm sea ".repeat(25) + "\"}";
  private static final Answer ANSWER =
      new Answer("{\"image_url\":\"http://127.0.0.1:8080/media/" + "x".repeat(300) + "\"}");

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new Random());
  private final AccountId account = new AccountId(ids.next());
  private final ApplicationId app = new ApplicationId(ids.next());
  private final CredentialId credential = new CredentialId(ids.next());
  private final ConcurrentLinkedQueue<TaskId> some = new ConcurrentLinkedQueue<>();
  private final SqliteStore store;

  private StoreFigures(Path folder) {
    store =
        SqliteStore.open(
            folder.resolve("c.db"), SqliteConfig.defaults().withOpenTasks(20_000_000), clock, ids);
    store.access().createAccount(account, Money.ofCredits("1000000"));
    store
        .access()
        .createApplication(
            new Application(
                app, account, "a", Optional.empty(), Money.ZERO, true, false, clock.instant()));
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target"), "figures");
    long begin = System.nanoTime();
    var figures = new StoreFigures(folder);
    System.out.printf("opened, migrated: %.0f ms%n", (System.nanoTime() - begin) / 1e6);
    int seconds = Integer.parseInt(args[1]);
    int rows = args.length > 3 ? Integer.parseInt(args[3]) : 0;
    figures.fill(rows);
    for (int round = 0; round < Integer.parseInt(args[2]); round++) {
      switch (args[0]) {
        case "accept" -> figures.measure("accept", seconds, figures::accept);
        case "cycle" -> figures.measure("cycle", seconds, figures::cycle);
        case "read" -> figures.measure("find", seconds, figures::read);
        default -> throw new IllegalArgumentException(args[0]);
      }
    }
    figures.store.close();
    long again = System.nanoTime();
    SqliteStore.open(folder.resolve("c.db"), SqliteConfig.defaults(), figures.clock, figures.ids)
        .close();
    System.out.printf("opened again and closed: %.0f ms%n", (System.nanoTime() - again) / 1e6);
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        System.out.println(file.getFileName() + " " + Files.size(file));
        Files.delete(file);
      }
    }
  }

  private Order order(boolean callback) {
    Instant now = clock.instant();
    var id = new TaskId(ids.next());
    return new Order(
        id,
        new Owner(account, app, credential),
        "midjourney",
        "/midjourney/imagine",
        "imagine",
        id.toString(),
        now,
        REQUEST,
        callback ? Optional.of(new CallbackUrl("http://127.0.0.1:9/hook")) : Optional.empty(),
        new Money(10),
        now.plusSeconds(600));
  }

  private void fill(int rows) throws InterruptedException {
    var left = new AtomicLong(rows);
    try (var scope = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 256; i++) {
        scope.execute(() -> {
          while (left.getAndDecrement() > 0) {
            try {
              half();
            } catch (InterruptedException stopped) {
              return;
            }
          }
        });
      }
    }
  }

  private void half() throws InterruptedException {
    Order order = order(false);
    store.tasks().accept(order);
    for (Claim claim : store.tasks().claim(1, Duration.ZERO)) {
      store.tasks().settle(claim, success());
    }
    if (ThreadLocalRandom.current().nextInt(50) == 0) {
      some.add(order.id());
    }
  }

  private TaskState success() {
    Instant now = clock.instant();
    return new TaskState.Succeeded(now, now, ANSWER);
  }

  private void accept() {
    accept(order(false));
  }

  private void cycle() throws InterruptedException {
    accept(order(true));
    for (Claim claim : store.tasks().claim(1, Duration.ofMillis(100))) {
      store.tasks().noteRunning(claim, new TaskState.Running(clock.instant(), 0));
      store.tasks().settle(claim, success());
    }
    for (Dispatch dispatch :
        store.deliveries().claimDeliveries(_ -> 1_000, 1, Duration.ofMillis(100))) {
      var delivered =
          new Receipt(
              clock.instant(),
              Duration.ofMillis(1),
              200,
              Optional.empty(),
              "",
              new Receipt.Next.Delivered());
      store.deliveries().recordAttempt(dispatch, delivered);
    }
  }

  private void accept(Order order) {
    if (!(store.tasks().accept(order) instanceof Accepted.Taken)) {
      throw new IllegalStateException("not taken");
    }
  }

  private void read() {
    TaskId id = some.poll();
    if (id != null) {
      some.add(id);
      if (store.tasks().find(id).isEmpty()) {
        throw new IllegalStateException("not found");
      }
    }
  }

  private void measure(String what, int seconds, Step step) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    var done = new AtomicLong();
    var took = new ConcurrentLinkedQueue<Long>();
    long begin = System.nanoTime();
    double writerBefore = writerCpuMicros();
    double allBefore = allCpuMicros();
    try (var scope = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CALLERS; i++) {
        scope.execute(() -> {
          while (System.nanoTime() < end) {
            long start = System.nanoTime();
            try {
              step.run();
            } catch (InterruptedException stopped) {
              return;
            }
            if (done.incrementAndGet() % 8 == 0) {
              took.add(System.nanoTime() - start);
            }
          }
        });
      }
    }
    double spent = (System.nanoTime() - begin) / 1e9;
    long[] sorted = took.stream().mapToLong(Long::longValue).sorted().toArray();
    System.out.printf(
        "%s %.0f/s cpu/op: writer %.1f us, all %.1f us; p50 %.2f ms p99 %.2f ms max %.1f ms"
            + " open %d pending %d%n",
        what,
        done.get() / spent,
        (writerCpuMicros() - writerBefore) / done.get(),
        (allCpuMicros() - allBefore) / done.get(),
        at(sorted, 0.5),
        at(sorted, 0.99),
        at(sorted, 1),
        store.tasks().openTasks(),
        store.deliveries().pendingDeliveries());
  }

  /// CPU time says more than the clock on a machine that others use too.
  private static double writerCpuMicros() {
    var threads = ManagementFactory.getThreadMXBean();
    for (long id : threads.getAllThreadIds()) {
      var info = threads.getThreadInfo(id);
      if (info != null && info.getThreadName().equals("store-writer")) {
        return threads.getThreadCpuTime(id) / 1e3;
      }
    }
    return Double.NaN;
  }

  private static double allCpuMicros() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e3;
  }

  private static double at(long[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : Arrays.stream(sorted).skip((long) ((sorted.length - 1) * share)).findFirst().orElse(0)
            / 1e6;
  }

  /// One act to be measured.
  private interface Step {
    void run() throws InterruptedException;
  }
}
