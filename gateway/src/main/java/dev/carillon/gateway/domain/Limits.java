package dev.carillon.gateway.domain;

import java.util.Map;
import java.util.Optional;

/// What one application may do, where that differs from what the gateway is set to; empty parts do
/// not.
///
/// @param whole over all services
/// @param query how fast it may read
/// @param runningTasks how many of its tasks may run at once
/// @param weight how many turns it has where another application has one
/// @param services of single services, by name, besides `whole`
public record Limits(
    Ceiling whole,
    Optional<Rate> query,
    Optional<Integer> runningTasks,
    Optional<Integer> weight,
    Map<String, Ceiling> services) {

  /// As the gateway is set.
  public static final Limits USUAL =
      new Limits(Ceiling.NONE, Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

  /// The greatest weight: what one application may delay another by.
  public static final int MOST_WEIGHT = 100;

  public Limits {
    services = Map.copyOf(services);
  }

  /// Of one service.
  public Ceiling service(String name) {
    return services.getOrDefault(name, Ceiling.NONE);
  }

  /// How many tasks an application may make.
  ///
  /// @param create how fast
  /// @param openTasks how many may be open at once
  /// @param runningTasks of one service, how many may run at once; over all it is said beside
  public record Ceiling(
      Optional<Rate> create, Optional<Integer> openTasks, Optional<Integer> runningTasks) {
    public static final Ceiling NONE = new Ceiling(Optional.empty(), Optional.empty());

    public Ceiling(Optional<Rate> create, Optional<Integer> openTasks) {
      this(create, openTasks, Optional.empty());
    }

    /// This one where it says something, the other one elsewhere.
    public Ceiling orElse(Ceiling other) {
      return new Ceiling(
          create.or(other::create),
          openTasks.or(other::openTasks),
          runningTasks.or(other::runningTasks));
    }
  }
}
