package dev.carillon.client;

/// A journal could not be read or written.
public final class TaskJournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TaskJournalException(String message) {
    super(message);
  }

  TaskJournalException(String message, Throwable cause) {
    super(message, cause);
  }
}
