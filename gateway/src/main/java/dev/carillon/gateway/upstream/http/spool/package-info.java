/// Keeps what providers answer with bytes, however much it is, off the heap: a large body, or a
/// large text within JSON, goes to a file and stands in the answer as a mark. The files live until
/// the turn that read the answer is over; those of a dead process are deleted at the next start.
/// Their number is bounded by turns, their size by bytes.
@NullMarked
package dev.carillon.gateway.upstream.http.spool;

import org.jspecify.annotations.NullMarked;
