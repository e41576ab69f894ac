package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.SteadyClock;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.upstream.sandbox.media.Studio;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// Behaves like a provider far away: thinks for a while, tells how far it is, and gives works. What
/// it thinks about takes no thread: whoever ordered it looks again when there is news.
public final class Sandbox {
  private static final Duration WORTH_PREPARING = Duration.ofSeconds(3);
  private static final int DEEPEST = 8;

  private final Works works;
  private final Studio studio;
  private final Timetable timetable;
  private final InstantSource clock;
  private final SteadyClock steady;

  /// Of what is under way, so that a look need not read the order again; as many as orders that
  /// wait.
  private final Map<TaskId, Course> courses = new ConcurrentHashMap<>();

  /// A sandbox that lets a studio make its files.
  ///
  /// @param speed how many times faster than life; above 0
  /// @param steady how long works take is measured by it
  public Sandbox(Studio studio, double speed, InstantSource clock, SteadyClock steady) {
    this.works = new Works(studio);
    this.studio = studio;
    this.timetable = new Timetable(speed);
    this.clock = clock;
    this.steady = steady;
  }

  /// Begins with an order, or looks at it again.
  public SandboxResult look(SandboxOrder order) {
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
    Duration now = steady.elapsed();
    Optional<Course> before = Optional.ofNullable(courses.get(order.task()));
    Course course = before.orElseGet(() -> course(order, script, now));
    if (!course.isUnderWay(now)) {
      courses.remove(order.task());
      return ended(script, planned);
    }
    if (course.isLate(now)) {
      courses.remove(order.task());
      return ended(new Outcome.Late(Reason.of(ErrorCode.TIMEOUT)));
    }
    if (before.isEmpty()) {
      courses.put(order.task(), course);
      prepare(course, script, planned);
    }
    return pending(course, now);
  }

  /// The same at less cost, where an order is under way and has not come to its end; else empty.
  public Optional<SandboxResult.Pending> glance(TaskId task) {
    Duration now = steady.elapsed();
    return Optional.ofNullable(courses.get(task))
        .filter(course -> course.isUnderWay(now) && !course.isLate(now))
        .map(course -> pending(course, now));
  }

  /// Whether it thinks about an order.
  public boolean has(TaskId task) {
    return courses.containsKey(task);
  }

  /// Nobody will look at an order again.
  public void forget(TaskId task) {
    courses.remove(task);
  }

  private static SandboxResult.Pending pending(Course course, Duration now) {
    return new SandboxResult.Pending(course.pause(now), course.percent(now));
  }

  /// What the order says by the calendar is read off it once, here.
  private Course course(SandboxOrder order, Script script, Duration now) {
    Duration take = script.take().orElseGet(() -> timetable.of(order.task(), order.pace()));
    Instant today = clock.instant();
    Duration done = order.begunAt().map(at -> Duration.between(at, today)).orElse(Duration.ZERO);
    Duration start = done.isNegative() ? now : now.minus(done);
    return Course.of(script, take, start, now.plus(Duration.between(today, order.deadline())));
  }

  private void prepare(Course course, Script script, Works.Planned planned) {
    if (course.take().compareTo(WORTH_PREPARING) >= 0 && script.end() instanceof Script.Works) {
      planned.files().stream()
          .limit(2)
          .forEach(each -> studio.prepare(each.recipe(), each.format()));
    }
  }

  private static SandboxResult ended(Script script, Works.Planned planned) {
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
}
