/// What operators look at: whether the process lives (`/health/live`), whether it can serve
/// (`/health/ready`), and figures in the Prometheus format (`/metrics`).
///
/// Figures are counted at the four places of the walk where also the log lines stand: accepted,
/// settled, callback attempted, request answered. They start at zero with the process; nothing here
/// is stored. None of the three paths asks for a token, so a gateway that faces the internet keeps
/// them behind its proxy.
@NullMarked
package dev.carillon.gateway.ops;

import org.jspecify.annotations.NullMarked;
