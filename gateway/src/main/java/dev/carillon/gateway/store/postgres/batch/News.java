package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import java.util.List;
import java.util.Set;

/// What memory must learn of a batch once it is durable, beside what each verb tells.
///
/// @param applications those whose balances changed, as they are now
/// @param feeds the applications whose feeds grew
/// @param made deliveries to hand out
/// @param due the queues that deliveries were added to which are to be read
public record News(
    List<Application> applications,
    Set<ApplicationId> feeds,
    List<Dispatch> made,
    Set<Destination> due) {
  /// None.
  static final News NONE = new News(List.of(), Set.of(), List.of(), Set.of());

  static News of(Batch batch) {
    return new News(
        batch.purses().changed(),
        Set.copyOf(batch.grown()),
        batch.deliveries().dispatches(),
        batch.deliveries().destinations());
  }
}
