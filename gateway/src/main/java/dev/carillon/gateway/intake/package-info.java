/// Takes tasks in, and lets callers cancel them.
///
/// A request passes in the contract's order of checks (section 5.2): who calls, the body, its
/// fields, the price. Nothing slow happens before the promise and nothing is left to do after it:
/// when [dev.carillon.gateway.store.TaskStore#accept] returned, the task will end once, whether or
/// not the caller still listens.
@NullMarked
package dev.carillon.gateway.intake;

import org.jspecify.annotations.NullMarked;
