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

  /// This node's part of a number that all nodes hold to together, at least 1: as even a part as
  /// there is, so that the parts of all nodes are the number, unless it is smaller than their
  /// count. Quick; a node that comes or goes is counted within about a second.
  int portion(int whole);

  /// Tells how many calls this node counted since it told last, and gives what the others counted
  /// since this one asked last, about. The keys are the caller's own.
  Map<String, Long> share(Map<String, Long> counted);
}
