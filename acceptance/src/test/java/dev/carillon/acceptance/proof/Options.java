package dev.carillon.acceptance.proof;

import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

/// How large a run is and what its chance begins with.
///
/// @param seed decides what is sent and when harm is done; the machine's own timing stays its own
/// @param tasks how many tasks are sent
/// @param kills how many times harm is done
/// @param rate tasks a second, at most
record Options(long seed, int tasks, int kills, int rate) {

  /// These options with what a command line says instead: `--seed N --tasks N --kills N --rate N`.
  ///
  /// @throws IllegalArgumentException for anything else
  Options with(List<String> arguments) {
    Options options = this;
    for (int i = 0; i < arguments.size(); i += 2) {
      if (i + 1 == arguments.size()) {
        throw new IllegalArgumentException(arguments.get(i) + " needs a number");
      }
      options = options.with(arguments.get(i), Long.parseLong(arguments.get(i + 1)));
    }
    return options;
  }

  private Options with(String name, long value) {
    return switch (name) {
      case "--seed" -> new Options(value, tasks, kills, rate);
      case "--tasks" -> new Options(seed, Math.toIntExact(value), kills, rate);
      case "--kills" -> new Options(seed, tasks, Math.toIntExact(value), rate);
      case "--rate" -> new Options(seed, tasks, kills, Math.toIntExact(value));
      default -> throw new IllegalArgumentException("there is no option " + name);
    };
  }

  /// A run of this size with a seed of its own, or the one of `-Dcarillon.proof.seed=…`.
  static Options of(int tasks, int kills, int rate) {
    Long given = Long.getLong("carillon.proof.seed");
    OptionalLong fixed = given == null ? OptionalLong.empty() : OptionalLong.of(given);
    return new Options(
        fixed.orElseGet(() -> new Random().nextInt(1_000_000_000)), tasks, kills, rate);
  }
}
