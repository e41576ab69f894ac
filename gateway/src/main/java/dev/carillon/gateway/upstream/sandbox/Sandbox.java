package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.upstream.Sleeper;
import dev.carillon.gateway.upstream.sandbox.media.Studio;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.IntConsumer;
import tools.jackson.databind.JsonNode;

/// Behaves like a provider far away: thinks for a while, tells how far it is, and gives works.
public final class Sandbox {
  private static final Duration SHORTEST_STEP = Duration.ofSeconds(1);
  private static final Duration WORTH_PREPARING = Duration.ofSeconds(3);
  private static final int STEPS = 20;
  private static final int DEEPEST = 8;
  private static final int LAST_PERCENT = 99;

  private final Works works;
  private final Studio studio;
  private final Timetable timetable;
  private final InstantSource clock;
  private final Sleeper sleeper;

  /// A sandbox that lets a studio make its files.
  ///
  /// @param speed how many times faster than life; above 0
  public Sandbox(Studio studio, double speed, InstantSource clock, Sleeper sleeper) {
    this.works = new Works(studio);
    this.studio = studio;
    this.timetable = new Timetable(speed);
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /// Works on an order until it ends, one way or another.
  ///
  /// @param progress hears of whole percents, 0 to 99, about twenty times and at most each second
  /// @throws InterruptedException when the work is cancelled
  public SandboxResult run(SandboxOrder order, IntConsumer progress) throws InterruptedException {
    Script script;
    Works.Planned planned;
    try {
      script = script(order);
      planned = works.plan(order);
    } catch (Script.Mistake e) {
      return refused(e.told());
    } catch (Works.BadReference e) {
      return refused(e.told());
    }
    Duration take = script.take().orElseGet(() -> timetable.of(order.task(), order.pace()));
    if (take.compareTo(WORTH_PREPARING) >= 0 && script.end() instanceof Script.Works) {
      planned.files().stream()
          .limit(2)
          .forEach(each -> studio.prepare(each.recipe(), each.format()));
    }
    Instant start = order.attempt() > 1 ? order.createdAt() : clock.instant();
    boolean inTime = think(start, take, script, order, progress);
    if (!inTime) {
      return ended(new Outcome.Late(Reason.of(ErrorCode.TIMEOUT)));
    }
    return switch (script.end()) {
      case Script.Works() ->
          new SandboxResult.Made(
              planned.works().stream().limit(script.good().orElse(Integer.MAX_VALUE)).toList());
      case Script.Fails(ErrorCode code) -> ended(new Outcome.Refused(Reason.of(code)));
      case Script.Lost() -> ended(new Outcome.Unknown("the sandbox was told to lose its answer"));
      case Script.Hangs() -> ended(new Outcome.Late(Reason.of(ErrorCode.TIMEOUT)));
    };
  }

  /// What is said to the wish to cancel an order: yes, unless its script says otherwise.
  public CancelAnswer cancel(SandboxOrder order) {
    try {
      return script(order).cancel();
    } catch (Script.Mistake e) {
      return CancelAnswer.CONFIRMED;
    }
  }

  private static SandboxResult ended(Outcome outcome) {
    return new SandboxResult.Ended(outcome);
  }

  private static SandboxResult refused(String message) {
    return ended(new Outcome.Refused(new Reason(ErrorCode.BAD_REQUEST, message)));
  }

  private static Script script(SandboxOrder order) throws Script.Mistake {
    Script script = Script.NONE;
    if (order.script().isPresent()) {
      script = script.plusWords(order.script().get());
    }
    return scriptIn(order.request(), script, 0);
  }

  /// Script words may stand in any text of a request, also in those within lists and objects.
  private static Script scriptIn(JsonNode node, Script before, int depth) throws Script.Mistake {
    if (node.isString()) {
      return before.plusText(node.asString());
    }
    Script script = before;
    if (depth < DEEPEST) {
      for (JsonNode child : node) {
        script = scriptIn(child, script, depth + 1);
      }
    }
    return script;
  }

  /// Waits until the end comes and tells how far it is.
  ///
  /// @return whether the end came before the deadline
  private boolean think(
      Instant start, Duration take, Script script, SandboxOrder order, IntConsumer progress)
      throws InterruptedException {
    boolean hangs = script.end() instanceof Script.Hangs;
    int most = script.progress().orElse(LAST_PERCENT);
    Instant end = start.plus(end(take, script));
    Duration step = longer(SHORTEST_STEP, take.dividedBy(STEPS));
    Instant now = clock.instant();
    int told = -1;
    while (hangs || now.isBefore(end)) {
      if (!now.isBefore(order.deadline())) {
        return false;
      }
      int percent = Math.min(Math.min(most, LAST_PERCENT), percent(start, now, take));
      if (percent > told) {
        progress.accept(percent);
        told = percent;
      }
      Instant until = hangs ? now.plus(step) : earlier(end, now.plus(step));
      sleeper.sleep(Duration.between(now, earlier(until, order.deadline())));
      now = clock.instant();
    }
    return true;
  }

  private static Duration end(Duration take, Script script) {
    if (script.after().isPresent()) {
      return script.end() instanceof Script.Works
          ? longer(take, script.after().get())
          : script.after().get();
    }
    return script.progress().isPresent() && !(script.end() instanceof Script.Works)
        ? take.multipliedBy(script.progress().getAsInt()).dividedBy(100)
        : take;
  }

  private static int percent(Instant start, Instant now, Duration take) {
    long done = Math.max(0, Duration.between(start, now).toMillis());
    return (int) Math.min(LAST_PERCENT, done * 100 / Math.max(1, take.toMillis()));
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
