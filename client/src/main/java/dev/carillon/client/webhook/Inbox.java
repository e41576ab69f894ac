package dev.carillon.client.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Where events wait between the 2xx and the application's code, and are known by their ids
/// afterwards, so that a repeat changes nothing. Safe for many threads, and for many processes when
/// it is a database's.
///
/// An event is `NEW`; claimed, it is `RUNNING` until its lease ends; then `DONE`, or `FAILED` with
/// a time to try again or without one. Each claim counts one attempt, and what is written after a
/// claim carries its number, so a late runner cannot overwrite a newer one.
public interface Inbox {
  /// How long ids are kept at least: longer than the gateway delivers again.
  Duration LEAST_KEPT = Duration.ofDays(7);

  /// Takes an event in, unless its id is known. When it returns [Put#TAKEN] the event is as safe as
  /// this inbox makes it.
  ///
  /// @throws InboxException when the inbox cannot be reached; nothing is known then
  Put put(InboxEvent event, Instant now);

  /// Gives out the event that is due longest: one that is new, whose time to try again has come, or
  /// whose runner's lease has ended.
  ///
  /// @param leaseUntil when it may be given out again
  Optional<Claim> claim(Instant now, Instant leaseUntil);

  /// Makes a lease last longer.
  ///
  /// @return false when the claim is no longer the newest of a running event
  boolean extend(Claim claim, Instant leaseUntil);

  /// The event is dealt with.
  ///
  /// @return false when the claim is no longer the newest of a running event
  boolean done(Claim claim, Instant now);

  /// The run failed.
  ///
  /// @param retryAt when to give it out again; empty to give it up
  /// @param error what to keep for whoever looks
  /// @return false when the claim is no longer the newest of a running event
  boolean failed(Claim claim, Instant now, Optional<Instant> retryAt, String error);

  /// Where the event stands, and how often it was claimed; empty for an unknown id.
  Optional<Standing> find(String id);

  /// How many events are neither done nor given up.
  long open();

  /// Forgets what was done or given up before this time.
  ///
  /// @return how many
  int purge(Instant before);

  /// How far a feed was read; empty at the first start.
  Optional<String> cursor(String feed);

  /// Remembers how far a feed was read.
  void moveCursor(String feed, String cursor);

  /// What became of an event that was put.
  enum Put {
    /// It is in the inbox now.
    TAKEN,
    /// Its id was there before.
    KNOWN,
    /// There is no room; the sender has to come again.
    FULL
  }

  /// Where an event stands.
  enum State {
    NEW,
    RUNNING,
    DONE,
    /// The last run failed; it is tried again when [Standing#dueAt] says so, or never.
    FAILED
  }

  /// Where an event stands.
  ///
  /// @param attempts how often it was claimed
  /// @param dueAt when it is given out next; empty for never
  /// @param error of the last failed run; empty when there is none
  record Standing(State state, int attempts, Optional<Instant> dueAt, Optional<String> error) {}

  /// The right to run an event until a lease ends.
  ///
  /// @param attempt from 1; each claim of the event has a higher one
  record Claim(InboxEvent event, int attempt) {}
}
