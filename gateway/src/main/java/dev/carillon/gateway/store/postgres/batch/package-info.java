/// What is written to PostgreSQL, batch by batch.
///
/// A [dev.carillon.gateway.store.postgres.batch.Verb] is one durable act. The
/// [dev.carillon.gateway.store.postgres.batch.Writer] runs those that wait as one
/// [dev.carillon.gateway.store.postgres.batch.Batch], which is one transaction:
///
/// 1. each verb tells what it [needs][dev.carillon.gateway.store.postgres.batch.Needs];
/// 2. all of it is locked, kind by kind and in the order of ids: open tasks, heads of feeds,
///    applications, spendings, accounts. Every batch of every node takes locks in this order (an
///    older one locks accounts before spendings: who locks a spending has locked its head). Which
///    accounts are needed shows once the applications are known; those that were needed last time
///    are locked with the rest, and if these were too few the batch is mostly run again. Attempts
///    to deliver are stored by the same message, after the locks. Orders that came meanwhile and
///    need nothing more [join][dev.carillon.gateway.store.postgres.batch.Joining];
/// 3. each verb decides, in memory, on what is locked;
/// 4. what all of them changed is written, one statement a table;
/// 5. one commit, in the same message as that.
///
/// While a head is locked the other nodes' batches for that application wait, so that steps 2 to 5
/// are two messages for orders, ends and attempts that reach the task's own `callback_url`. More
/// are sent where a verb runs statements of its own, for registered endpoints, and by
/// [dev.carillon.gateway.store.postgres.sql.Session] where a message would be long.
///
/// A verb that needs none of this may run statements of its own in step 3. A batch that met another
/// one (a deadlock, or a serialization failure of a distributed database) is run again, and so is
/// one with an order that was taken in before, which only its insert tells: then carefully. Verbs
/// therefore change nothing but through their batch before
/// [committed][dev.carillon.gateway.store.postgres.batch.Verb#committed] is called.
@NullMarked
package dev.carillon.gateway.store.postgres.batch;

import org.jspecify.annotations.NullMarked;
