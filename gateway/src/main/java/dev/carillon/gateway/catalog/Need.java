package dev.carillon.gateway.catalog;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What must be there in an object beyond the types of its fields.
sealed interface Need {

  /// Adds a fault when it is not there.
  void check(Body body, List<Fault> faults);

  /// An object whose fields were cleaned.
  ///
  /// @param at the object's path; empty for the whole body
  /// @param wrong paths that have a fault already; they are not told to be missing, too
  record Body(ObjectNode fields, String at, Set<String> wrong) {
    boolean holds(String name) {
      String path = Fields.path(at, name);
      return fields.has(name)
          || wrong.stream().anyMatch(one -> one.equals(path) || one.startsWith(path + "["));
    }
  }

  /// One field.
  ///
  /// @param kind what to send
  record Required(String name, String kind, String because) implements Need {
    @Override
    public void check(Body body, List<Fault> faults) {
      if (!body.holds(name)) {
        String path = Fields.path(body.at(), name);
        faults.add(new Fault(path, path + " is required" + because + ": send " + kind + "."));
      }
    }
  }

  /// At least one group of fields.
  record OneOf(List<List<String>> groups, String because) implements Need {
    @Override
    public void check(Body body, List<Fault> faults) {
      if (groups.stream().noneMatch(group -> group.stream().allMatch(body::holds))) {
        String names =
            groups.stream()
                .map(group -> String.join(" with ", group))
                .collect(Collectors.joining(" or "));
        String first = Fields.path(body.at(), groups.getFirst().getFirst());
        faults.add(
            new Fault(first, names + " is required" + because + ": send at least one of them."));
      }
    }
  }

  /// Needs that depend on a field's value.
  record When(String field, Set<String> values, List<Need> then, List<Need> otherwise)
      implements Need {
    @Override
    public void check(Body body, List<Fault> faults) {
      boolean holds = values.contains(body.fields().path(field).asString(""));
      (holds ? then : otherwise).forEach(need -> need.check(body, faults));
    }
  }
}
