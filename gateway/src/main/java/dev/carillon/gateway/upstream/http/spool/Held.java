package dev.carillon.gateway.upstream.http.spool;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/// What one owner has in the spool: files, bytes reserved for them, and perhaps a place in memory.
/// Guards itself, as whoever ends a turn may be another than who reads an answer.
final class Held {
  private final List<String> marks = new CopyOnWriteArrayList<>();
  private final Budget budget;
  private final Semaphore memory;
  private long reserved; // guarded by this
  private long written; // guarded by this
  private long inlined; // guarded by this
  private boolean inMemory; // guarded by this
  private boolean over; // guarded by this

  /// @param budget of the disk, for all owners
  /// @param memory places for answers that are large within memory, too
  Held(Budget budget, Semaphore memory) {
    this.budget = budget;
    this.memory = memory;
  }

  List<String> marks() {
    return marks;
  }

  /// Makes sure that so many bytes more can be written.
  ///
  /// @return false when others have taken them
  synchronized boolean reserve(long bytes) {
    long more = Math.max(0, written + bytes - reserved);
    if (over || !budget.take(more)) {
      return false;
    }
    reserved += more;
    return true;
  }

  /// Gives back what was reserved and is not needed, once an answer is there.
  synchronized void settle() {
    if (!over) {
      budget.give(reserved - written);
      reserved = written;
    }
  }

  private synchronized void write(int bytes) throws IOException {
    if (!reserve(bytes)) {
      throw new IOException("there is no place for a large answer now");
    }
    written += bytes;
  }

  /// A file whose bytes count.
  OutputStream counted(OutputStream file) {
    return new FilterOutputStream(file) {
      @Override
      public void write(int one) throws IOException {
        Held.this.write(1);
        out.write(one);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        Held.this.write(length);
        out.write(bytes, from, length);
      }
    };
  }

  /// How much was taken back from files so far, with this.
  synchronized long inline(long bytes) {
    inlined += bytes;
    return inlined;
  }

  /// Takes a place in memory, and waits for it; an owner that has one keeps it. Whoever has one
  /// needs no second, so all get theirs in time.
  void enterMemory() throws InterruptedException {
    synchronized (this) {
      if (inMemory) {
        return;
      }
    }
    memory.acquire();
    synchronized (this) {
      if (inMemory || over) {
        memory.release();
      } else {
        inMemory = true;
      }
    }
  }

  /// Gives all back. Twice is harmless.
  synchronized void end() {
    if (over) {
      return;
    }
    over = true;
    budget.give(reserved);
    if (inMemory) {
      memory.release();
    }
  }
}
