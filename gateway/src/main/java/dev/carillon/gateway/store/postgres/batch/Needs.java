package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the verbs of a batch want locked. Of one writer's thread.
public final class Needs {
  final Map<TaskId, ApplicationId> tasks = new LinkedHashMap<>();
  final Set<ApplicationId> heads = new LinkedHashSet<>();
  final Set<ApplicationId> applications = new LinkedHashSet<>();
  final Set<AccountId> accounts = new LinkedHashSet<>();
  final Map<CredentialId, ApplicationId> spendings = new LinkedHashMap<>();
  final Map<TaskId, ApplicationId> late = new LinkedHashMap<>();
  final List<Order> ending = new ArrayList<>();

  /// Orders whose price may be taken.
  final List<Order> holding = new ArrayList<>();

  final List<Accept> accepts = new ArrayList<>();
  final Map<Together, List<Verb<?>>> together = new LinkedHashMap<>();

  Needs() {}

  /// A task, if it is open.
  public Needs task(TaskId id, ApplicationId application) {
    tasks.put(id, application);
    return this;
  }

  /// A task, if it has expired.
  public Needs late(TaskId id, ApplicationId application) {
    late.put(id, application);
    return this;
  }

  /// An expired task that may get its result: it, its feed and what pays for it.
  Needs endLate(Order order) {
    late(order.id(), order.owner().application());
    head(order.owner().application());
    hold(order);
    return this;
  }

  private void hold(Order order) {
    if (!order.price().equals(Money.ZERO)) {
      money(order.owner());
      holding.add(order);
    }
  }

  /// The feed of an application, to write events into, and its counts of open tasks.
  public Needs head(ApplicationId application) {
    heads.add(application);
    return this;
  }

  /// A task that may end: it, its feed and what paid for it.
  public Needs end(Order order) {
    task(order.id(), order.owner().application());
    head(order.owner().application());
    if (!order.price().equals(Money.ZERO)) {
      money(order.owner());
      ending.add(order);
    }
    return this;
  }

  /// An application's own balance and what stands beside it.
  public Needs application(ApplicationId id) {
    applications.add(id);
    return this;
  }

  /// An account's general balance.
  public Needs account(AccountId id) {
    accounts.add(id);
    return this;
  }

  /// Has a verb decided together with all others of its kind in the batch.
  public Needs together(Together kind, Verb<?> verb) {
    together.computeIfAbsent(kind, _ -> new ArrayList<>()).add(verb);
    return this;
  }

  /// A kind of verbs that are written with a few statements, however many they are.
  @FunctionalInterface
  public interface Together {
    /// Adds what these verbs must be told to the message that locks what the batch needs, after the
    /// locks.
    ///
    /// @return what is to follow once that is known
    Decision begin(Batch batch, List<Verb<?>> verbs) throws SQLException;
  }

  /// Decides on all verbs of a kind and writes them.
  @FunctionalInterface
  public interface Decision {
    void decide() throws SQLException;
  }

  void accept(Accept accept) {
    accepts.add(accept);
    head(accept.order().owner().application());
    hold(accept.order());
  }

  private void money(Owner owner) {
    applications.add(owner.application());
    spendings.put(owner.credential(), owner.application());
  }
}
