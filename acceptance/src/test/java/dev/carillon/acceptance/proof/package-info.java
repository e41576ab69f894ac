/// Programs that prove what a gateway promises while its machine falls apart: packaged jars as
/// child processes, killed, paused, cut off and started again under load.
///
/// [Proof] runs them by name. Each builds a [House] of [Node]s, puts a [Load] on it, does its harm,
/// and ends the same way: [Afterwards] reads the final state over the API, and [Checker] holds the
/// [History], every line of which was seen from outside, against the laws. Nothing here knows a
/// class of the gateway. `docs/proof.md` lists the programs, the laws and what was found.
@NullMarked
package dev.carillon.acceptance.proof;

import org.jspecify.annotations.NullMarked;
