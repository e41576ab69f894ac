package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
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
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.store.TaskStore.Accepted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What every store keeps, whatever its database. The laws stand in the classes that extend this
/// one, by subject; an adapter runs each of them with its own way to open and to crash.
abstract class StoreLaws {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final Duration PATIENCE = Duration.ofSeconds(10);
  static final Duration NO_WAIT = Duration.ZERO;
  static final DeliveryStore.Doors OPEN = _ -> 1_000;
  static final AccountId ACCOUNT = new AccountId(new UUID(0x7000, 10));
  static final Answer ANSWER = new Answer("{\"image_url\":\"http://h/a.png\"}");

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  final HandClock clock = new HandClock();
  final Ids ids = new Ids(clock, new Random(1));
  final ApplicationId app = new ApplicationId(ids.next());
  final CredentialId credential = new CredentialId(ids.next());
  private final List<Store> opened = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // set before each test
  private Path place;

  @SuppressWarnings("NullAway.Init") // set before each test
  Store store;

  /// Opens a store on a folder, which is empty at first.
  abstract Store open(Path folder, InstantSource clock, Ids ids);

  @BeforeEach
  void open_a_store_with_one_application_and_credit() {
    store = opened(folder.resolve("live"));
    store.access().createAccount(ACCOUNT, Money.ofCredits("100"));
    store.access().createApplication(application(app, "10", true));
  }

  @AfterEach
  void close_all() {
    opened.forEach(Store::close);
  }

  private Store opened(Path where) {
    Store made = open(where, clock, ids);
    opened.add(made);
    place = where;
    return made;
  }

  /// The folder of the store.
  Path place() {
    return place;
  }

  void reopen() {
    store.close();
    store = opened(place);
  }

  /// Goes on with what is durable at this moment, as after a crash of the process.
  void crash() {
    store = opened(left(folder.resolve("left-" + opened.size())));
  }

  /// Where to find what a crash of the process would leave now: a copy of the folder, made here.
  Path left(Path copy) {
    try (var files = Files.list(place)) {
      Files.createDirectories(copy);
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return copy;
  }

  Application application(ApplicationId id, String balance, boolean general) {
    return new Application(
        id,
        ACCOUNT,
        "app",
        Optional.of("midjourney"),
        Money.ofCredits(balance),
        general,
        false,
        clock.instant());
  }

  Order order(String price) {
    return order(app, "midjourney", "imagine", price, Optional.empty());
  }

  Order orderWithCallback() {
    var url = new CallbackUrl("https://caller.example/hook");
    return order(app, "midjourney", "imagine", "0", Optional.of(url));
  }

  Order order(
      ApplicationId owner, String service, String type, String price, Optional<CallbackUrl> url) {
    Instant now = clock.instant();
    return new Order(
        new TaskId(ids.next()),
        new Owner(ACCOUNT, owner, credential),
        service,
        "/" + service + "/" + type,
        type,
        ids.next().toString(),
        now,
        "{\"prompt\":\"a häuschen\"}",
        url,
        Money.ofCredits(price),
        now.plusSeconds(600));
  }

  Task accept(Order order) {
    assertThat(store.tasks().accept(order)).isInstanceOf(Accepted.Taken.class);
    return store.tasks().find(order.id()).orElseThrow();
  }

  Claim claimOne() {
    List<Claim> claims = claim(1);
    assertThat(claims).hasSize(1);
    return claims.getFirst();
  }

  List<Claim> claim(int max) {
    try {
      return store.tasks().claim(max, NO_WAIT);
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  TaskState.Succeeded success() {
    return new TaskState.Succeeded(clock.instant(), clock.instant(), ANSWER);
  }

  TaskState.Failed failure() {
    return new TaskState.Failed(clock.instant(), clock.instant(), Reason.of(ErrorCode.FORBIDDEN));
  }

  Money balance() {
    return store.access().application(app).orElseThrow().balance();
  }

  Task row(TaskId id) {
    return store.tasks().find(id).orElseThrow();
  }

  Task end() {
    accept(orderWithCallback());
    return store.tasks().settle(claimOne(), success()).orElseThrow();
  }

  Receipt receipt(Next next) {
    return new Receipt(clock.instant(), Duration.ofMillis(3), 200, Optional.empty(), "", next);
  }

  Dispatch dispatchOne() {
    List<Dispatch> found = dispatches();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  List<Dispatch> dispatches() {
    List<Dispatch> found = dispatches(100);
    assertThat(new HashSet<>(found)).hasSameSizeAs(found);
    return found;
  }

  List<Dispatch> dispatches(int max) {
    return dispatches(OPEN, max);
  }

  List<Dispatch> dispatches(DeliveryStore.Doors doors, int max) {
    try {
      return store.deliveries().claimDeliveries(doors, max, NO_WAIT);
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  static void eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it never came true").isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /// A clock that moves only by hand.
  static final class HandClock implements InstantSource {
    private final AtomicLong millis = new AtomicLong(START.toEpochMilli());

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis.get());
    }

    void move(Duration by) {
      millis.addAndGet(by.toMillis());
    }
  }
}
