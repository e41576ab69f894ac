package dev.carillon.gateway.catalog;

/// One of the places a `${…}` looks for its value.
sealed interface Alternative permits Lookup, Alternative.Literal {

  /// The value, or [Scope#MISSING].
  Object value(Scope scope);

  /// A value written in the template itself.
  record Literal(Object value) implements Alternative {
    @Override
    public Object value(Scope scope) {
      return value;
    }
  }
}
