/// The ledger: every durable act of the gateway is a verb here and one transaction. All SQL, the
/// migrations and the group-commit writer live in this room.
///
/// A verb that changes something returns after its transaction was fsynced. Rooms meet only here:
/// each writes rows, and after the commit the [dev.carillon.gateway.store.Bell] tells whoever
/// waits. A lost bell costs a second, never a task, since every wait has a poll as its floor.
///
/// When the machine dies, what was answered is there after the restart: open tasks come out of
/// [dev.carillon.gateway.store.TaskStore#claim] again with a higher fence, due deliveries out of
/// [dev.carillon.gateway.store.DeliveryStore#claimDeliveries].
@NullMarked
package dev.carillon.gateway.store;

import org.jspecify.annotations.NullMarked;
