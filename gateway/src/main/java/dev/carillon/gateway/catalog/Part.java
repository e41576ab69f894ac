package dev.carillon.gateway.catalog;

import java.util.List;
import java.util.Map;

/// A compiled piece of a template.
sealed interface Part {

  /// Appends this piece's JSON; false when there is nothing to write, then nothing was appended.
  boolean write(Scope scope, StringBuilder out);

  /// JSON text known beforehand.
  record Fixed(String json) implements Part {
    @Override
    public boolean write(Scope scope, StringBuilder out) {
      out.append(json);
      return true;
    }
  }

  /// The first value found.
  record Ref(List<Alternative> alternatives) implements Part {
    Object value(Scope scope) {
      for (Alternative alternative : alternatives) {
        Object value = alternative.value(scope);
        if (value != Gap.MISSING) {
          return value;
        }
      }
      return Gap.MISSING;
    }

    @Override
    public boolean write(Scope scope, StringBuilder out) {
      Object value = value(scope);
      if (value == Gap.MISSING) {
        return false;
      }
      JsonText.write(value, out);
      return true;
    }
  }

  /// A text with values put in; a missing value is an empty text.
  record Mixed(List<Object> pieces) implements Part {
    @Override
    public boolean write(Scope scope, StringBuilder out) {
      var text = new StringBuilder();
      for (Object piece : pieces) {
        Object value = piece instanceof Ref ref ? ref.value(scope) : piece;
        if (value != Gap.MISSING && value != Gap.NULL) {
          text.append(value);
        }
      }
      JsonText.quote(text, out);
      return true;
    }
  }

  /// An object; keys are quoted already and end with a colon.
  record Fields(List<String> keys, List<Part> values) implements Part {
    @Override
    public boolean write(Scope scope, StringBuilder out) {
      out.append('{');
      boolean first = true;
      for (int i = 0; i < keys.size(); i++) {
        int mark = out.length();
        if (!first) {
          out.append(',');
        }
        out.append(keys.get(i));
        if (values.get(i).write(scope, out)) {
          first = false;
        } else {
          out.setLength(mark);
        }
      }
      out.append('}');
      return true;
    }
  }

  /// A list; repetitions within it give as many elements as there are works.
  record Items(List<Part> parts) implements Part {
    @Override
    public boolean write(Scope scope, StringBuilder out) {
      out.append('[');
      boolean first = true;
      for (Part part : parts) {
        List<Scope> scopes =
            part instanceof Each
                ? scope.context().works().stream().map(scope::with).toList()
                : List.of(scope);
        for (Scope one : scopes) {
          int mark = out.length();
          if (!first) {
            out.append(',');
          }
          if (part.write(one, out)) {
            first = false;
          } else {
            out.setLength(mark);
          }
        }
      }
      out.append(']');
      return true;
    }
  }

  /// An element that its list repeats for each work.
  record Each(Part part) implements Part {
    @Override
    public boolean write(Scope scope, StringBuilder out) {
      return part.write(scope, out);
    }
  }

  /// A choice by a value.
  record Switch(Ref on, Map<String, Part> cases) implements Part {
    static final String DEFAULT = "default";

    @Override
    public boolean write(Scope scope, StringBuilder out) {
      Part chosen = cases.get(on.value(scope).toString());
      Part part = chosen == null ? cases.get(DEFAULT) : chosen;
      return part != null && part.write(scope, out);
    }
  }
}
