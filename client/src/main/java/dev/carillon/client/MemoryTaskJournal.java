package dev.carillon.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A journal that forgets all when the program ends; for tests.
public final class MemoryTaskJournal implements TaskJournal {
  private final Map<String, Entry> open = new LinkedHashMap<>(); // guarded by this

  /// An empty one.
  public MemoryTaskJournal() {}

  @Override
  public synchronized void begin(Entry entry) {
    if (open.size() >= MOST_OPEN) {
      throw new TaskJournalException("more than " + MOST_OPEN + " tasks are open");
    }
    open.put(entry.key(), entry);
  }

  @Override
  public synchronized void submitted(String key, String taskId) {
    open.computeIfPresent(key, (same, entry) -> entry.withTask(taskId));
  }

  @Override
  public synchronized void done(String key) {
    open.remove(key);
  }

  @Override
  public synchronized List<Entry> open() {
    return List.copyOf(open.values());
  }
}
