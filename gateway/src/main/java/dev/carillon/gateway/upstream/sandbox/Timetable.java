package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.upstream.sandbox.media.Seeds;
import java.time.Duration;

/// How long a task takes: as a service far away would, spread around the typical time with a long
/// tail (log-normal), and always the same for the same task.
final class Timetable {
  /// The point of the normal distribution below which nine of ten lie.
  private static final double NINE_OF_TEN = 1.2816;

  /// Nobody waits for the one in a thousand.
  private static final double FARTHEST = 2.5;

  private final double speed;

  /// A timetable for one speed.
  ///
  /// @param speed how many times faster than life, above 0; may be huge
  Timetable(double speed) {
    if (!(speed > 0)) {
      throw new IllegalArgumentException("sandbox.speed must be above 0, but is " + speed);
    }
    this.speed = speed;
  }

  Duration of(TaskId task, SandboxOrder.Pace pace) {
    long seed =
        task.value().getMostSignificantBits()
            ^ Long.rotateLeft(task.value().getLeastSignificantBits(), 17);
    double deviate = Math.clamp(Seeds.stream(seed).nextGaussian(), -FARTHEST, FARTHEST);
    double typical = Math.max(1, pace.typical().toMillis());
    double wide = Math.log(Math.max(1, pace.p90().toMillis() / typical)) / NINE_OF_TEN;
    return Duration.ofMillis((long) (typical * Math.exp(deviate * wide) / speed));
  }
}
