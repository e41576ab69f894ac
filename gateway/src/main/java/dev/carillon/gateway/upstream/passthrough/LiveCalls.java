package dev.carillon.gateway.upstream.passthrough;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.upstream.Job;
import dev.carillon.gateway.upstream.Provider;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// The passed-through calls of this process that are under way, as a provider.
///
/// Such a call is a task whose work is done on the caller's own thread, which also settles it. The
/// engine claims it like any other; here it waits until that is done, and writes nothing. A task
/// that is not under way here was left by a process that died: its connection is gone, so it fails
/// and its hold is released. Bounded by the requests under way.
public final class LiveCalls implements Provider {
  /// What routes of the catalog call it.
  public static final String NAME = "passthrough";

  private static final Outcome CUT_OFF =
      new Outcome.Refused(
          new Reason(ErrorCode.API_ERROR, "The gateway stopped while it passed this call on."));

  private final Map<TaskId, Live> live = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Outcome run(Job job) throws InterruptedException {
    Live call = live.get(job.claim().task().id());
    return call == null ? CUT_OFF : call.outcome();
  }

  /// Begins a call; to be called before its task is accepted, and ended in any case.
  public Live begin(TaskId id) {
    var call = new Live(id);
    live.put(id, call);
    return call;
  }

  /// How many are under way.
  public int count() {
    return live.size();
  }

  /// One call under way.
  public final class Live {
    private final TaskId id;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Optional<Outcome> left = Optional.empty();

    private Live(TaskId id) {
      this.id = id;
    }

    /// Its task is settled, or was never accepted.
    public void end() {
      live.remove(id, this);
      ended.countDown();
    }

    /// Its task could not be settled: the engine does it, with this outcome, as soon as it can.
    public void leave(Reason reason) {
      left = Optional.of(new Outcome.Refused(reason));
      end();
    }

    private Outcome outcome() throws InterruptedException {
      ended.await();
      return left.orElseThrow(() -> new InterruptedException("its own thread has settled it"));
    }
  }
}
