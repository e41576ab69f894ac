package dev.carillon.client;

import java.util.List;

/// Keeps which tasks a program has begun, so that one that died picks them up again:
/// [Carillon#withJournal] writes it, [Carillon#resumeAll] reads it. What it is told must last when
/// a method returns. Safe for many threads; one program at a time uses one journal.
public interface TaskJournal {
  /// The most entries that are open at a time.
  int MOST_OPEN = 1_000_000;

  /// A task that was begun.
  ///
  /// @param key its idempotency key
  /// @param body the request's fields, as JSON
  /// @param taskId its id; empty while no answer is known
  record Entry(String key, String service, String endpoint, String body, String taskId) {
    Entry withTask(String id) {
      return new Entry(key, service, endpoint, body, id);
    }
  }

  /// A task is about to be submitted.
  ///
  /// @throws TaskJournalException when it cannot be kept; the task is not submitted then
  void begin(Entry entry);

  /// The task with this key has this id.
  ///
  /// @throws TaskJournalException when it cannot be kept
  void submitted(String key, String taskId);

  /// The program is done with the task of this key; one that is not there is done too.
  ///
  /// @throws TaskJournalException when it cannot be kept
  void done(String key);

  /// What was begun and is not done, oldest first.
  ///
  /// @throws TaskJournalException when it cannot be read
  List<Entry> open();
}
