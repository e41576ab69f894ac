package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.account.CredentialId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What each token has spent and holds, and what it may spend in all; kept in memory and written
/// once a batch, as [Balances] are. Of the writer thread.
final class Spendings {
  private static final String READ =
      "SELECT used_amount, limited_amount FROM credential WHERE id = ?";
  private static final String WRITE = "UPDATE credential SET used_amount = ? WHERE id = ?";

  private final Map<CredentialId, Tab> tabs = new HashMap<>();
  private final List<Tab> touched = new ArrayList<>();

  boolean covers(Session session, CredentialId id, long price) throws SQLException {
    return tab(session, id).covers(price);
  }

  /// As the other one, of a token that was asked for in this batch.
  boolean covers(CredentialId id, long price) {
    return Optional.ofNullable(tabs.get(id)).map(tab -> tab.covers(price)).orElse(true);
  }

  void add(Session session, CredentialId id, long amount) throws SQLException {
    Tab tab = tab(session, id);
    if (!tab.known) {
      return;
    }
    tab.used = Math.addExact(tab.used, amount);
    if (!tab.touched) {
      tab.touched = true;
      touched.add(tab);
    }
  }

  void limit(CredentialId id, Optional<Money> most) {
    Optional.ofNullable(tabs.get(id)).ifPresent(tab -> tab.limit = most.map(Money::micros));
  }

  void created(CredentialId id) {
    tabs.computeIfPresent(id, (_, tab) -> tab.known ? tab : null);
  }

  void write(Session session) throws SQLException {
    for (Tab tab : touched) {
      session.sql(WRITE).put(tab.used).put(tab.id.value()).update();
    }
  }

  /// @param most how many are kept
  void committed(int most) {
    touched.forEach(tab -> tab.touched = false);
    touched.clear();
    if (tabs.size() > most) {
      tabs.clear();
    }
  }

  /// Reads all from the file again.
  void forget() {
    tabs.clear();
    touched.clear();
  }

  private Tab tab(Session session, CredentialId id) throws SQLException {
    Tab known = tabs.get(id);
    if (known == null) {
      known =
          session
              .sql(READ)
              .put(id.value())
              .one(row -> new Tab(id, true, row.number(), row.maybeNumber()))
              .orElseGet(() -> new Tab(id, false, 0, Optional.empty()));
      tabs.put(id, known);
    }
    return known;
  }

  private static final class Tab {
    private final CredentialId id;
    private final boolean known;
    private long used;
    private Optional<Long> limit;
    private boolean touched;

    private Tab(CredentialId id, boolean known, long used, Optional<Long> limit) {
      this.id = id;
      this.known = known;
      this.used = used;
      this.limit = limit;
    }

    private boolean covers(long price) {
      return limit.isEmpty() || price <= limit.get() - used;
    }
  }
}
