package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.DirectoryStore.Credit;
import dev.carillon.gateway.store.DirectoryStore.Credited;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;

/// Puts credit on a balance by hand, or takes it off, once for each id.
record CreditAct(Transaction transaction, Credit wanted, InstantSource clock) {

  Credited run() throws SQLException {
    Optional<Credit> before = DirectoryRows.credit(transaction.session(), wanted.id());
    if (before.isPresent()) {
      return new Credited.Done(before.get(), balance(before.get()).orElse(Money.ZERO));
    }
    Optional<Money> balance = balance(wanted);
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
  private Optional<Money> balance(Credit credit) throws SQLException {
    Session session = transaction.session();
    Balances balances = transaction.balances();
    if (credit.application().isEmpty()) {
      return balances.general(session, credit.account());
    }
    return balances
        .application(session, credit.application().get())
        .filter(found -> found.account().equals(credit.account()))
        .map(Application::balance);
  }

  private Credit write() throws SQLException {
    Session session = transaction.session();
    long micros = wanted.amount().micros();
    Optional<ApplicationId> to = wanted.application();
    if (to.isPresent()) {
      transaction.balances().credit(session, to.get(), micros);
    } else {
      transaction.balances().credit(session, wanted.account(), micros);
    }
    var at = StateColumns.millis(clock.instant());
    LedgerRows.insertCredit(
        session, wanted.id(), new LedgerRows.Credit(wanted.account(), to, micros, at));
    return new Credit(wanted.id(), wanted.account(), to, wanted.amount(), at);
  }
}
