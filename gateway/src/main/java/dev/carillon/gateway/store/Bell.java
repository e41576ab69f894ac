package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Tells listeners about a task's change after its commit. Listeners run on the ringing thread, so
/// they only hand over. Safe for many threads.
public final class Bell {
  private final ConcurrentHashMap<TaskId, List<Consumer<Task>>> byTask = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<ApplicationId, List<Runnable>> byApplication =
      new ConcurrentHashMap<>();
  private final List<Consumer<Task>> all = new CopyOnWriteArrayList<>();
  private final List<Runnable> directory = new CopyOnWriteArrayList<>();

  /// Listens to one task until closed.
  public Listening listen(TaskId id, Consumer<Task> listener) {
    byTask.compute(
        id,
        (_, present) -> {
          var listeners = present == null ? new CopyOnWriteArrayList<Consumer<Task>>() : present;
          listeners.add(listener);
          return listeners;
        });
    return () ->
        byTask.computeIfPresent(
            id,
            (_, present) -> {
              present.remove(listener);
              return present.isEmpty() ? null : present;
            });
  }

  /// Listens to every task until closed.
  public Listening listenToAll(Consumer<Task> listener) {
    all.add(listener);
    return () -> all.remove(listener);
  }

  /// Tells the listeners that a task changed; called by store adapters after the commit.
  public void ring(Task task) {
    var listeners = byTask.get(task.id());
    if (listeners != null) {
      listeners.forEach(listener -> listener.accept(task));
    }
    all.forEach(listener -> listener.accept(task));
  }

  /// Listens to an application's feed until closed.
  public Listening listenToFeed(ApplicationId application, Runnable listener) {
    byApplication.compute(
        application,
        (_, present) -> {
          var listeners = present == null ? new CopyOnWriteArrayList<Runnable>() : present;
          listeners.add(listener);
          return listeners;
        });
    return () ->
        byApplication.computeIfPresent(
            application,
            (_, present) -> {
              present.remove(listener);
              return present.isEmpty() ? null : present;
            });
  }

  /// Tells the listeners that an application's feed grew; called by store adapters after the
  /// commit.
  public void ringFeed(ApplicationId application) {
    var listeners = byApplication.get(application);
    if (listeners != null) {
      listeners.forEach(Runnable::run);
    }
  }

  /// Whether somebody listens to this task by itself.
  public boolean hears(TaskId id) {
    return byTask.containsKey(id);
  }

  /// The tasks that are listened to by themselves, as of now.
  public Set<TaskId> heard() {
    return Set.copyOf(byTask.keySet());
  }

  /// The applications whose feeds are listened to, as of now.
  public Set<ApplicationId> heardFeeds() {
    return Set.copyOf(byApplication.keySet());
  }

  /// Listens to changes of tokens, applications and accounts until closed.
  public Listening listenToDirectory(Runnable listener) {
    directory.add(listener);
    return () -> directory.remove(listener);
  }

  /// Tells the listeners that a token, an application or an account changed, on this node or on
  /// another; called by store adapters after the commit.
  public void ringDirectory() {
    directory.forEach(Runnable::run);
  }

  /// How many tasks are listened to.
  public int listening() {
    return byTask.size();
  }

  /// A listener's registration.
  public interface Listening extends AutoCloseable {
    @Override
    void close();
  }
}
