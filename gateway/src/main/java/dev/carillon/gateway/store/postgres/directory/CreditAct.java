package dev.carillon.gateway.store.postgres.directory;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.DirectoryStore.Credit;
import dev.carillon.gateway.store.DirectoryStore.Credited;
import dev.carillon.gateway.store.postgres.batch.Act;
import dev.carillon.gateway.store.postgres.batch.Batch;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Puts credit on a balance by hand, or takes it off, once for each id. The balance is locked
/// before it looks, so that of two nodes with the same id the second finds what the first wrote.
record CreditAct(Batch batch, Credit wanted, InstantSource clock) {

  static Act<Credited> of(Credit wanted, InstantSource clock) {
    return new Act<>(
        needs -> {
          needs.account(wanted.account());
          wanted.application().ifPresent(needs::application);
        },
        batch -> new CreditAct(batch, wanted, clock).run(),
        _ -> {});
  }

  private Credited run() throws SQLException {
    Optional<Credit> before = DirectoryRows.credit(batch.session(), wanted.id());
    Optional<Money> balance = balance();
    if (before.isPresent()) {
      return new Credited.Done(before.get(), balance.orElse(Money.ZERO));
    }
    if (balance.isEmpty()) {
      return new Credited.Unknown();
    }
    Money after = balance.get().plus(wanted.amount());
    if (wanted.amount().isNegative() && after.isNegative()) {
      return new Credited.TooLow(balance.get());
    }
    return new Credited.Done(write(), after);
  }

  /// The balance it is about; empty when nobody has it.
  private Optional<Money> balance() {
    return wanted.application().isEmpty()
        ? batch.purses().general(wanted.account())
        : batch
            .purses()
            .application(wanted.application().get())
            .filter(found -> found.account().equals(wanted.account()))
            .map(Application::balance);
  }

  private Credit write() throws SQLException {
    long micros = wanted.amount().micros();
    Optional<ApplicationId> to = wanted.application();
    if (to.isPresent()) {
      batch.purses().credit(to.get(), micros);
    } else {
      batch.purses().credit(wanted.account(), micros);
    }
    Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    CreditRows.insert(
        batch.session(), wanted.id(), new CreditRows.Credit(wanted.account(), to, micros, at));
    return new Credit(wanted.id(), wanted.account(), to, wanted.amount(), at);
  }
}
