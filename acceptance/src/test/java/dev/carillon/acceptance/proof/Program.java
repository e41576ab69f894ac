package dev.carillon.acceptance.proof;

import java.util.Optional;

/// A way to do harm to a house under load, and to see that it kept its promises.
interface Program {
  /// What this machine lacks to run it, so that it is left out.
  default Optional<String> missing() {
    return Optional.empty();
  }

  /// Runs it to its end.
  ///
  /// @throws AssertionError when a promise was broken
  void run(Run run) throws Exception;
}
