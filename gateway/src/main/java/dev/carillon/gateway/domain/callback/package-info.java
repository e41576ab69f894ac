/// What is told to whom: events in the feed, registered endpoints, deliveries, attempts and
/// secrets.
@NullMarked
package dev.carillon.gateway.domain.callback;

import org.jspecify.annotations.NullMarked;
