package dev.carillon.gateway.access;

/// What a call costs: makers of tasks are limited more tightly than readers, since a refused poll
/// makes some clients give up waiting (contract section 5.4).
public enum Kind {
  CREATE,
  QUERY
}
