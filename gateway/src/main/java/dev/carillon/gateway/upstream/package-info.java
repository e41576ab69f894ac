/// Talks to providers and turns their answers into an [dev.carillon.gateway.domain.Outcome].
///
/// [dev.carillon.gateway.upstream.Providers] finds the provider an endpoint's route names. A
/// provider blocks on the task's own virtual thread, outside any transaction, and never throws for
/// the world's faults. When the process dies in the middle, the task is claimed again with a higher
/// attempt number; a provider that keeps jobs of its own resumes from the stored reference.
@NullMarked
package dev.carillon.gateway.upstream;

import org.jspecify.annotations.NullMarked;
