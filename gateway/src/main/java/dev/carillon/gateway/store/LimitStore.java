package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.util.Map;

/// The verbs of the limits that single applications have.
public interface LimitStore {

  /// The limits of an application; the usual ones for one that has no others. Asked for by every
  /// request, so it reads no file.
  Limits of(ApplicationId application);

  /// Gives an application these limits. In force at once on this node.
  void set(ApplicationId application, Limits limits);

  /// Whether other nodes may count calls of the same applications.
  boolean isShared();

  /// Tells how many calls this node counted since it told last, and gives what the others counted
  /// since this one asked last, about. The keys are the caller's own.
  Map<String, Long> share(Map<String, Long> counted);
}
