/// Works on accepted tasks: claims them, lets a provider run them, ends them, and keeps deadlines.
///
/// One virtual thread a running task, bounded by `engine.running-tasks`; between applications the
/// turn goes round, so that one with many tasks delays another's first by at most one. A task is
/// claimed with a fence, so whatever this room writes late changes nothing.
///
/// When the machine dies nothing here is lost, since nothing here is kept: the next start gets the
/// same tasks from [dev.carillon.gateway.store.TaskStore#claim] with a higher fence.
///
/// A task whose fate at the provider is unknown is never sent again blindly; it is parked here with
/// its money held until its deadline, when it expires.
@NullMarked
package dev.carillon.gateway.engine;

import org.jspecify.annotations.NullMarked;
