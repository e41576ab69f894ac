/// What passing a call on costs: the same call at a provider directly and through the gateway.
@NullMarked
package dev.carillon.bench.passthrough;

import org.jspecify.annotations.NullMarked;
