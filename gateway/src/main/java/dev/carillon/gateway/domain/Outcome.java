package dev.carillon.gateway.domain;

import java.time.Duration;
import java.util.Optional;

/// What a provider's work on a claim came to. The world's faults are values here, never exceptions.
public sealed interface Outcome {

  /// The provider made it.
  record Done(Answer answer) implements Outcome {}

  /// The provider took the job and is not ready; or nobody took it yet, and it is to be offered
  /// again.
  ///
  /// @param upstreamRef where it stands at the provider; empty while nobody took it
  /// @param pause how long until it is to be asked again: a length, as a time of the calendar would
  ///   be another one once somebody sets the clock
  /// @param progress whole percent, 0 to 99
  record Wait(String upstreamRef, Duration pause, int progress) implements Outcome {}

  /// Surely nobody took it, as each provider that could has no place for it now.
  ///
  /// @param pause after which one may have a place
  record Full(Duration pause) implements Outcome {}

  /// The provider said no, or failed for good.
  record Refused(Reason reason) implements Outcome {}

  /// A deadline of ours passed first.
  record Late(Reason reason) implements Outcome {}

  /// It was sent and the answer was lost: it must not be sent again blindly.
  ///
  /// @param certain after which pause a look can tell its fate for sure; empty while no time is
  ///   known for that
  record Unknown(String detail, Optional<Duration> certain) implements Outcome {
    /// One of which no time is known after which a look can tell its fate.
    public Unknown(String detail) {
      this(detail, Optional.empty());
    }
  }
}
