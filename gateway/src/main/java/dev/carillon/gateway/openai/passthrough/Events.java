package dev.carillon.gateway.openai.passthrough;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/// A provider's stream of events as it passes: counted, and without the event that only we asked
/// for. Of one thread.
final class Events {
  private final Meter meter;
  private final boolean hidesUsage;
  private final EventCutter cutter = new EventCutter();
  private boolean done;
  private boolean finished;
  private boolean failed;

  /// @param hidesUsage whether the event that only tells what was used is left out
  Events(Meter meter, boolean hidesUsage) {
    this.meter = meter;
    this.hidesUsage = hidesUsage;
  }

  /// What to forward of what arrived: all events that are whole now.
  byte[] arrived(byte[] bytes, int count) throws IOException {
    cutter.add(bytes, count);
    var out = new ByteArrayOutputStream(count);
    for (Optional<byte[]> next = cutter.next(); next.isPresent(); next = cutter.next()) {
      pass(next.get(), out);
    }
    return out.toByteArray();
  }

  /// What to forward at the end.
  byte[] last() {
    byte[] rest = cutter.rest();
    var out = new ByteArrayOutputStream(rest.length);
    if (rest.length > 0) {
      pass(rest, out);
    }
    return out.toByteArray();
  }

  private void pass(byte[] bytes, ByteArrayOutputStream out) {
    Event event = Event.of(bytes);
    event.json().ifPresent(meter::count);
    done |= event.done();
    finished |= event.finishes();
    failed |= event.isError();
    if (!(hidesUsage && event.isUsage())) {
      out.writeBytes(bytes);
    }
  }

  /// Whether nothing more is to come.
  boolean ended() {
    return done || failed;
  }

  /// Whether the provider said that it failed.
  boolean failed() {
    return failed;
  }

  /// Whether the answer came to its end: some providers leave the last event out.
  boolean complete() {
    return done || finished;
  }
}
