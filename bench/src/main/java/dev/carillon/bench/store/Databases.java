package dev.carillon.bench.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A PostgreSQL server that gives out new databases: one that is named, whose user may make
/// databases, or a [Cluster] of its own. Closing it removes what was made.
public final class Databases implements AutoCloseable {
  private final Optional<Cluster> own;
  private final Database home;
  private final List<Database> made = new ArrayList<>();

  private Databases(Optional<Cluster> own, Database home) {
    this.own = own;
    this.home = home;
  }

  /// Opens a server to make databases on.
  ///
  /// @param store the address of a server by one of its databases, which is left as it is; empty
  ///   for a server of its own
  public static Databases open(Optional<String> store) throws IOException, InterruptedException {
    if (store.isPresent()) {
      return new Databases(Optional.empty(), new Database(store.get()));
    }
    Cluster cluster = Cluster.start();
    return new Databases(Optional.of(cluster), cluster.database());
  }

  /// Makes a new and empty one.
  public Database fresh() throws IOException {
    var database =
        home.named("carillon_bench_" + ProcessHandle.current().pid() + "_" + made.size());
    home.run("CREATE DATABASE " + database.name());
    made.add(database);
    return database;
  }

  /// Which server it is, and what it promises.
  public String words() throws IOException {
    return "PostgreSQL "
        + home.text("SHOW server_version")
        + ", fsync "
        + home.text("SHOW fsync")
        + ", synchronous_commit "
        + home.text("SHOW synchronous_commit")
        + ", shared_buffers "
        + home.text("SHOW shared_buffers")
        + ", max_wal_size "
        + home.text("SHOW max_wal_size");
  }

  @Override
  public void close() throws IOException {
    if (own.isPresent()) {
      own.get().close();
      return;
    }
    for (var database : made) {
      home.run("DROP DATABASE " + database.name() + " WITH (FORCE)");
    }
  }
}
