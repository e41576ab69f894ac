package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.TaskStore;
import dev.carillon.gateway.store.postgres.batch.AfterCommit;
import dev.carillon.gateway.store.postgres.batch.Verb;
import dev.carillon.gateway.store.postgres.batch.Writer;
import dev.carillon.gateway.store.postgres.sql.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/// The tasks' part of the store: its verbs, this node's life among the others, and the bell.
public final class TaskPart implements AutoCloseable {
  private final Memory memory;
  private final Hearing hearing;
  private final Crowd crowd;

  /// What the part is held to.
  ///
  /// @param hotBytes bytes of ended tasks kept in memory, about
  /// @param queuedBytes bytes of tasks kept in memory while they wait to be claimed, about
  /// @param openTasks how many tasks may be open over all nodes
  /// @param listen whether other nodes can be heard
  public record Limits(long hotBytes, long queuedBytes, int openTasks, boolean listen) {}

  /// How long a lease holds, how often the node looks around, how often progress is written.
  public record Pace(Duration lease, Duration look, Duration note) {}

  public TaskPart(Database database, UUID node, Bell bell, Limits limits, Pace pace) {
    var self = new Node(database, node, pace.lease, pace.look);
    var ringer = new Ringer(bell, database, self);
    this.memory =
        new Memory(
            new OpenTasks(),
            new HotTasks(limits.hotBytes),
            new HandOver(limits.queuedBytes),
            new RunningNotes(pace.note, ringer),
            new Doubts(),
            ringer,
            self);
    this.hearing = new Hearing(memory, bell, database, limits.listen, pace.look);
    this.crowd = new Crowd(database, limits.openTasks);
    self.watch(crowd::count);
  }

  /// This node among the others.
  public Node node() {
    return memory.node();
  }

  /// Says a word to all other nodes; of letters only. It may get lost.
  public void say(String word) {
    memory.ringer().sayWord(word);
  }

  /// Asks to be told of the words that other nodes say; to be asked for before [#start].
  ///
  /// @param missed told when some may have got lost
  public void onWord(Consumer<String> hearer, Runnable missed) {
    hearing.onWord(hearer, missed);
  }

  /// Running states that are due to be written.
  ///
  /// @param last whether the store closes
  public Optional<? extends Verb<?>> notes(boolean last) {
    return memory.notes().due(last);
  }

  /// Joins the other nodes, and begins to hear and to be heard.
  public void start(AfterCommit afterCommit) {
    memory.node().start();
    crowd.count();
    hearing.start();
    memory.ringer().start();
    afterCommit.onFeed(memory.ringer()::ringFeed);
  }

  /// The verbs, to be asked for before [#start].
  public TaskStore tasks(Database database, Writer writer, InstantSource clock) {
    return new PostgresTasks(memory, database, writer, crowd, clock);
  }

  /// Ends without giving the lease back, as a process that is killed does.
  public void kill() {
    hearing.close();
    memory.ringer().kill();
    memory.node().kill();
  }

  /// Gives the lease back, after the last write.
  @Override
  public void close() {
    hearing.close();
    memory.ringer().close();
    memory.node().close();
  }
}
