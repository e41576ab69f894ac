package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.Threads;
import dev.carillon.gateway.store.postgres.sql.Database;
import dev.carillon.gateway.store.postgres.sql.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This node among the others: renews its lease and sees who is alive and who is dead, all by the
/// database's clock, so that no node's own clock matters.
///
/// A node that could not renew its lease in time hands out nothing until it has; what it had ready
/// by then is looked up again, as others may have taken it over.
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /// How long a dead node is remembered at least after the last of its tasks was taken over.
  private static final String FORGOTTEN_AFTER = "10 minutes";

  private static final int SWEEP_EVERY = 60;
  private static final int TEND_EVERY = 3_600;
  private static final String JOIN =
      "INSERT INTO node (id, version, lease_until)"
          + " VALUES (?, ?, clock_timestamp() + ? * interval '1 millisecond')"
          + " ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until";
  private static final String RENEW =
      "UPDATE node SET lease_until = clock_timestamp() + ? * interval '1 millisecond' WHERE id = ?";
  private static final String OTHERS =
      "SELECT id, lease_until <= clock_timestamp() FROM node WHERE id <> ?";
  private static final String LEAVE = "UPDATE node SET lease_until = 'epoch' WHERE id = ?";
  private static final String FORGET =
      "DELETE FROM node WHERE lease_until < clock_timestamp() - interval '"
          + FORGOTTEN_AFTER
          + "' AND NOT EXISTS (SELECT 1 FROM open_task WHERE open_task.owner = node.id)";

  /// Owners that are no nodes, found by stepping from owner to owner in their index. There are none
  /// unless somebody deleted a node by hand.
  private static final String ADOPT =
      "INSERT INTO node (id, version, lease_until) WITH RECURSIVE owners AS ("
          + "(SELECT owner FROM open_task ORDER BY owner LIMIT 1) UNION ALL"
          + " SELECT (SELECT owner FROM open_task WHERE owner > owners.owner ORDER BY owner LIMIT 1)"
          + " FROM owners WHERE owners.owner IS NOT NULL)"
          + " SELECT owner, '', timestamptz 'epoch' FROM owners WHERE owner IS NOT NULL"
          + " ON CONFLICT DO NOTHING";

  private final Database database;
  private final UUID id;
  private final Duration lease;
  private final Duration look;
  private final List<Runnable> watchers = new ArrayList<>();
  private final Thread thread;
  private volatile List<UUID> dead = List.of();
  private volatile int alive;
  private volatile Crew crew = new Crew(1, 0);
  private volatile long renewedNanos;
  private volatile int lapses;
  private volatile boolean open = true;

  /// @param lease how long it is taken to be alive after its last sign
  /// @param look how often it looks at the others
  public Node(Database database, UUID id, Duration lease, Duration look) {
    this.database = database;
    this.id = id;
    this.lease = lease;
    this.look = look;
    this.thread = Thread.ofVirtual().name("store-node").unstarted(this::loop);
  }

  /// Joins the others.
  ///
  /// @throws StoreUnavailableException when the database cannot be reached
  void start() {
    join();
    lookAround();
    thread.start();
  }

  /// Asks to be called after each look around.
  void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  UUID id() {
    return id;
  }

  /// The nodes whose leases have passed and that may have left something.
  List<UUID> dead() {
    return dead;
  }

  /// Whether other nodes live, as of the last look.
  boolean hasCompany() {
    return alive > 0;
  }

  /// This node's part of a number that all living nodes share, at least 1. The rest of the division
  /// goes to the first of them by their ids.
  public int portion(int whole) {
    Crew now = crew;
    int part = whole / now.size + (now.rank < whole % now.size ? 1 : 0);
    return Math.max(1, part);
  }

  /// Another node told that it joined.
  void joined() {
    alive = Math.max(alive, 1);
  }

  /// Whether the lease surely still holds.
  public boolean holdsLease() {
    return sinceRenewed() < lease.toNanos();
  }

  /// Whether the lease surely still holds, with a fifth of it to spare for what is done next, and
  /// has held all the time since this was called.
  BooleanSupplier hold() {
    int before = lapses;
    // In this order: a lapse is counted before the lease is said to hold again.
    return () -> sinceRenewed() < lease.toNanos() / 5 * 4 && lapses == before;
  }

  private long sinceRenewed() {
    return System.nanoTime() - renewedNanos;
  }

  /// How often the lease lapsed.
  public int lapses() {
    return lapses;
  }

  private void loop() {
    long turn = 0;
    while (open) {
      LockSupport.parkNanos(look.toNanos());
      if (!open) {
        return;
      }
      turn++;
      try {
        if (sinceRenewed() >= lease.toNanos() / 3) {
          renew();
        }
        if (turn % SWEEP_EVERY == 0) {
          database.read(session -> session.sql(ADOPT).update());
          database.read(session -> session.sql(FORGET).update());
        }
        if (turn % TEND_EVERY == 0) {
          database.tend();
        }
        lookAround();
      } catch (StoreUnavailableException later) {
        LOG.debug("this node cannot give a sign of life now", later);
      }
      watchers.forEach(this::tell);
    }
  }

  private void tell(Runnable watcher) {
    try {
      watcher.run();
    } catch (RuntimeException failure) {
      LOG.debug("a look around failed", failure);
    }
  }

  private void join() {
    long now = System.nanoTime();
    String version = String.valueOf(Node.class.getPackage().getImplementationVersion());
    database.read(session -> session.sql(JOIN).put(id).put(version).put(lease.toMillis()).update());
    renewedNanos = now;
  }

  private void renew() {
    long now = System.nanoTime();
    int renewed =
        database.read(session -> session.sql(RENEW).put(lease.toMillis()).put(id).update());
    if (renewed == 0) {
      join();
    }
    // Counted before the lease is said to hold again, so that nobody takes what was ready for good.
    if (sinceRenewed() >= lease.toNanos()) {
      int before = lapses; // only this thread counts
      lapses = before + 1;
      LOG.warn("the lease of this node lapsed; others may have taken over its tasks");
    }
    renewedNanos = now;
  }

  private void lookAround() {
    List<Other> others = database.read(session -> session.sql(OTHERS).put(id).all(Other::read));
    List<Other> living = others.stream().filter(other -> !other.dead).toList();
    alive = living.size();
    int before = (int) living.stream().filter(other -> other.id.compareTo(id) < 0).count();
    crew = new Crew(1 + living.size(), before);
    dead = others.stream().filter(other -> other.dead).map(Other::id).toList();
  }

  /// The living nodes.
  ///
  /// @param size how many, this one included
  /// @param rank how many of them stand before this one
  private record Crew(int size, int rank) {}

  private record Other(UUID id, boolean dead) {
    private static Other read(Row row) throws SQLException {
      return new Other(row.uuid(), row.flag());
    }
  }

  /// Stops giving signs of life, without giving the lease back.
  void kill() {
    open = false;
    LockSupport.unpark(thread);
    Threads.awaitEnd(thread);
  }

  /// Gives the lease back: what this node owns may be taken over at once.
  @Override
  public void close() {
    if (!open) {
      return;
    }
    kill();
    try {
      database.read(session -> session.sql(LEAVE).put(id).update());
    } catch (StoreUnavailableException gone) {
      LOG.info("this node could not give its lease back, which ends by itself", gone);
    }
  }
}
