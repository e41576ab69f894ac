/// Works on accepted tasks: claims them, lets a provider run them, ends them, and keeps deadlines.
///
/// One virtual thread a task that is being worked on, bounded by `engine.running-tasks`; a task
/// that waits for its provider is a timer, and no thread. Between applications the turn goes round,
/// so that one with many tasks delays another's first by at most one. A task is claimed with a
/// fence, so whatever this room writes late changes nothing.
///
/// When the machine dies nothing here is lost, since nothing here is kept: the next start gets the
/// same tasks from [dev.carillon.gateway.store.TaskStore#claim] with a higher fence.
///
/// An open task always has an owner here (its turn, its thread, its timer), whatever is thrown;
/// what ends it early stands in a queue of times, so that watching deadlines costs nothing for
/// tasks that have time.
///
/// A task whose fate at the provider is unknown is never sent again blindly; it is parked here with
/// its money held until its deadline, when it expires.
@NullMarked
package dev.carillon.gateway.engine;

import org.jspecify.annotations.NullMarked;
