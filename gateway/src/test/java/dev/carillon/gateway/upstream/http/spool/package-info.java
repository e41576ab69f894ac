/// Tests of what keeps large answers off the heap.
@org.jspecify.annotations.NullMarked
package dev.carillon.gateway.upstream.http.spool;
