package dev.carillon.cli.place;

/// A command ends without what was asked for. Its message is one line for people and says what to
/// do next. `docs/cli.md` has the table of codes.
public final class CommandFailure extends RuntimeException {
  /// The task ended without a result, or what was asked could not be done.
  public static final int FAILED = 1;

  /// The command line was not understood.
  public static final int USAGE = 2;

  /// The gateway refuses: token, balance, request, or no such thing.
  public static final int REFUSED = 3;

  /// No gateway answers.
  public static final int UNREACHABLE = 4;

  /// It did not end in the time given; it goes on.
  public static final int LATE = 5;

  /// Ctrl-C; what was submitted goes on.
  public static final int INTERRUPTED = 130;

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /// @param exitCode one of those above
  public CommandFailure(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  /// The code to exit with.
  public int exitCode() {
    return exitCode;
  }
}
