package dev.carillon.gateway.upstream;

import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import java.time.Duration;
import java.util.Optional;

/// What came of asking a provider to begin.
public sealed interface Turn {

  /// The provider is the one: it took the job, ended it, or may have taken it.
  record Taken(Outcome outcome) implements Turn {}

  /// Surely nothing was begun, so another provider may be asked.
  ///
  /// @param again when asking this one again makes sense; empty when it does not
  record NotTaken(Reason reason, Optional<Duration> again) implements Turn {}
}
