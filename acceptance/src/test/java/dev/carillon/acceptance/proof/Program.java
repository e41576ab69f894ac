package dev.carillon.acceptance.proof;

/// A way to do harm to a house under load, and to see that it kept its promises.
interface Program {
  /// Runs it to its end.
  ///
  /// @throws AssertionError when a promise was broken
  void run(Run run) throws Exception;
}
