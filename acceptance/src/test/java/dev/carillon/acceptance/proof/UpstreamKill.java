package dev.carillon.acceptance.proof;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// A node in front of a provider that counts is killed between any two steps of the way there and
/// back.
///
/// @param way what the provider offers for a submission whose answer was lost
record UpstreamKill(Upstream.Way way) implements Program {

  /// When a node dies.
  private enum Moment {
    /// A request was accepted, and perhaps nothing else.
    ACCEPTED,
    /// The intent is stored and the provider has the submission; it has not answered.
    SUBMITTED,
    /// It has answered, and the job's id is stored or not.
    ANSWERED,
    /// It is asked how far the job is.
    LOOKED,
    /// It is asked for the file of a result.
    FETCHED,
    /// The end is stored and its callback on the way.
    SETTLED
  }

  @Override
  public void run(Run run) throws Exception {
    try (House house = new House(run).offering(way, "5s")) {
      if (way == Upstream.Way.NONE) {
        // Nothing can be known of a lost submission then: its task is never sent again and expires.
        house.with("CARILLON_ENGINE_FINISH_BY", "60s");
        run.history().note("allow", "state", "expired");
      }
      house.nodes(1, "");
      try (Load load = new Load(house).start()) {
        kill(house, load);
        load.awaitSent();
      }
      Afterwards.check(house);
    }
  }

  private static void kill(House house, Load load) throws InterruptedException {
    Run run = house.run();
    Random random = run.random(1);
    Node node = house.node(0);
    var armed = new AtomicReference<Optional<Trap>>(Optional.empty());
    house.upstream().watch((step, _) -> spring(armed, Moment.valueOf(step.name())));
    house.callbacks().watch(() -> spring(armed, Moment.SETTLED));
    Map<Moment, Integer> deaths = new EnumMap<>(Moment.class);
    Moment[] moments = Moment.values();
    while (load.needsHarm()) {
      Run.pass(300 + random.nextInt(1_500));
      var trap = new Trap(moments[load.harms() % moments.length], node, random.nextInt(4));
      if (trap.moment == Moment.ACCEPTED) {
        awaitAnother(load);
        trap.spring();
      } else {
        armed.set(Optional.of(trap));
      }
      if (trap.sprung.await(15, TimeUnit.SECONDS)) {
        deaths.merge(trap.moment, 1, Integer::sum);
        node.begin();
        load.harmed();
      }
      armed.set(Optional.empty());
    }
    house.upstream().watch((_, _) -> {});
    house.callbacks().watch(() -> {});
    run.say(
        "killed %s, accepted %d, generated %d"
            .formatted(deaths, load.accepted(), house.upstream().generated()));
  }

  private static void awaitAnother(Load load) {
    int before = load.accepted();
    for (int i = 0; i < 500 && load.accepted() == before; i++) {
      Run.pass(2);
    }
  }

  private static void spring(AtomicReference<Optional<Trap>> armed, Moment moment) {
    Optional<Trap> trap = armed.get();
    if (trap.isPresent()
        && trap.get().moment == moment
        && armed.compareAndSet(trap, Optional.empty())) {
      trap.get().spring();
    }
  }

  /// Kills the node when its moment comes, a few milliseconds late.
  private static final class Trap {
    private final Moment moment;
    private final Node node;
    private final int late;
    private final CountDownLatch sprung = new CountDownLatch(1);

    private Trap(Moment moment, Node node, int late) {
      this.moment = moment;
      this.node = node;
      this.late = late;
    }

    private void spring() {
      Run.pass(late);
      node.kill();
      sprung.countDown();
    }
  }
}
