package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.gateway.upstream.Sleeper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that moves only when somebody sleeps.
final class HandClock implements InstantSource, Sleeper {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private Instant now = START;

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    now = now.plus(duration);
  }

  void set(Instant instant) {
    now = instant;
  }

  Duration elapsed() {
    return Duration.between(START, now);
  }
}
