package dev.carillon.client;

/// A task did not end within the time given. It goes on at the gateway; wait for it again by its
/// id.
public final class WaitTimeoutException extends CarillonException {
  private static final long serialVersionUID = 1L;

  private final String taskId;

  WaitTimeoutException(String taskId, String message) {
    super(message);
    this.taskId = taskId;
  }

  /// The task.
  public String taskId() {
    return taskId;
  }
}
