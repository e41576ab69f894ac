package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.Dispatch;
import dev.carillon.gateway.domain.Receipt;
import dev.carillon.gateway.domain.TaskId;
import java.time.Duration;
import java.util.List;

/// The verbs of callbacks on their way.
public interface DeliveryStore {

  /// Hands out deliveries that are due and that nobody is trying now. Waits up to `wait` for the
  /// first; empty when none came.
  List<Dispatch> claimDeliveries(int max, Duration wait) throws InterruptedException;

  /// Stores what an attempt came to, with what follows, in one transaction. Waits for the commit.
  void recordAttempt(Dispatch dispatch, Receipt receipt);

  /// The attempts made for a task's callbacks, oldest first.
  List<Attempt> attempts(TaskId task);

  /// How many deliveries wait for an attempt.
  int pendingDeliveries();

  /// One attempt as it was stored.
  ///
  /// @param number from 1
  record Attempt(int number, Receipt receipt) {}
}
