package dev.carillon.gateway.store.postgres;

import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.postgres.callback.CallbackCare;
import dev.carillon.gateway.store.postgres.callback.Secrets;
import dev.carillon.gateway.store.postgres.directory.Told;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// What changes rarely and is remembered by every node: what this one changes is told to all, and
/// what another one tells is forgotten here. Whoever does not hear it finds out within a second, as
/// nothing of it is remembered for longer. Safe for many threads.
final class Changes implements Told {
  /// The words that nodes tell each other.
  static final String DIRECTORY = "directory";

  static final String LIMITS = "limits";
  static final String ENDPOINTS = "endpoints";

  private final Bell bell;
  private final Voice voice;
  private final CallbackCare care;
  private final Secrets secrets;
  private final List<Runnable> limits = new CopyOnWriteArrayList<>();

  Changes(Bell bell, Voice voice, CallbackCare care, Secrets secrets) {
    this.bell = bell;
    this.voice = voice;
    this.care = care;
    this.secrets = secrets;
  }

  /// Says a word to all other nodes. What cannot be said now is not said at all.
  @FunctionalInterface
  interface Voice {
    void say(String word);
  }

  void onLimits(Runnable forget) {
    limits.add(forget);
  }

  @Override
  public void directory() {
    bell.ringDirectory();
    voice.say(DIRECTORY);
  }

  @Override
  public void limits() {
    voice.say(LIMITS);
  }

  void endpoints() {
    voice.say(ENDPOINTS);
  }

  /// Another node said a word; one it does not know is not for it.
  void heard(String word) {
    switch (word) {
      case DIRECTORY -> bell.ringDirectory();
      case LIMITS -> limits.forEach(Runnable::run);
      case ENDPOINTS -> {
        secrets.forgetAll();
        care.look();
      }
      default -> {}
    }
  }

  /// Words may have been missed, as the ear was away for a while.
  void mayHaveMissedSome() {
    List.of(DIRECTORY, LIMITS, ENDPOINTS).forEach(this::heard);
  }
}
