package dev.carillon.cli;

/// An admin command could not do what it was asked; says why in one line.
final class AdminException extends RuntimeException {
  static final int FAILED = 1;
  static final int NOT_FOUND = 3;
  static final int UNREACHABLE = 4;

  private final int exitCode;

  AdminException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  AdminException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
