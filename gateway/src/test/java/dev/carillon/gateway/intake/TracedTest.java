package dev.carillon.gateway.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.TaskStore.Accepted;
import dev.carillon.gateway.store.TaskStore.Room;
import dev.carillon.gateway.store.sqlite.SqliteConfig;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import dev.carillon.testkit.HandClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How long a request with a trace id is recognised.
final class TracedTest {
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final Fingerprint LETTERS = Fingerprint.of("token", "/suno/audios", "{}");

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private final HandClock clock = new HandClock();
  private final Ids ids = new Ids(clock, new Random(1));
  private final ApplicationId application = new ApplicationId(ids.next());
  private final AccountId account = new AccountId(ids.next());

  @SuppressWarnings("NullAway.Init") // set before each test
  private Store store;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Traced traced;

  @BeforeEach
  void open() {
    store = SqliteStore.open(folder.resolve("c.db"), SqliteConfig.defaults(), clock, ids);
    store.access().createAccount(account, Money.ZERO);
    store
        .access()
        .createApplication(
            new Application(
                application,
                account,
                "a",
                Optional.empty(),
                Money.ZERO,
                true,
                false,
                clock.instant()));
    traced = new Traced(WINDOW, clock, store.tasks());
    clock.advance(Duration.ofMillis(WINDOW.toMillis() - clock.millis() % WINDOW.toMillis()));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private TaskId send() {
    Order order =
        new Order(
            new TaskId(ids.next()),
            new Owner(account, application, new CredentialId(application.value())),
            "suno",
            "/suno/audios",
            "audios",
            "t",
            clock.instant(),
            "{}",
            Optional.empty(),
            Money.ZERO,
            clock.instant().plusSeconds(600));
    Accepted accepted =
        traced.accept(
            application, LETTERS, Room.ENOUGH, name -> order.on(order.terms().named(name)));
    return switch (accepted) {
      case Accepted.Taken(var task) -> task.id();
      case Accepted.Replayed(var task) -> task.id();
      default -> throw new AssertionError(accepted);
    };
  }

  @Test
  void a_repeat_just_within_the_window_is_recognised_wherever_in_it_the_first_came() {
    for (int offset = 0; offset < 30; offset += 7) {
      clock.advance(Duration.ofSeconds(61 + offset));
      TaskId first = send();

      clock.advance(WINDOW.minusMillis(1));

      assertThat(send()).as("%d s into a span", offset).isEqualTo(first);
    }
  }

  @Test
  void after_the_window_an_equal_request_is_a_new_wish() {
    for (int offset = 0; offset < 30; offset += 7) {
      clock.advance(Duration.ofSeconds(61 + offset));
      TaskId first = send();

      clock.advance(WINDOW);

      assertThat(send()).as("%d s into a span", offset).isNotEqualTo(first);
    }
  }

  @Test
  void an_attempt_after_a_cancelled_one_is_recognised_in_the_next_span_too() {
    clock.advance(Duration.ofSeconds(25));
    TaskId first = send();
    store.tasks().cancel(first, application, clock.instant());
    clock.advance(Duration.ofSeconds(1));
    TaskId second = send();

    clock.advance(Duration.ofSeconds(10));

    assertThat(second).isNotEqualTo(first);
    assertThat(send()).isEqualTo(second);
  }
}
