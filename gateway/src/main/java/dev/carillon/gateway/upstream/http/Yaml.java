package dev.carillon.gateway.upstream.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// A part of a YAML file that knows its line.
sealed interface Yaml {
  /// Counted from 1: that of the first character of its value.
  int line();

  /// Keys and values, in order.
  record Fields(int line, Map<String, Yaml> values) implements Yaml {}

  /// A list.
  record Items(int line, List<Yaml> values) implements Yaml {}

  /// A text, a number, a truth or nothing.
  record Scalar(int line, String text) implements Yaml {}

  /// A file that is no YAML, or not such YAML.
  static final class Broken extends Exception {
    private final int line;

    Broken(int line, String message) {
      super(message);
      this.line = line;
    }

    int line() {
      return line;
    }
  }

  int DEEPEST = 20;

  static Yaml read(String content) throws Broken {
    try {
      LoadSettings settings = LoadSettings.builder().setCodePointLimit(1 << 20).build();
      Optional<Node> root = new Compose(settings).composeString(content);
      return of(root.orElseThrow(() -> new Broken(1, "is empty")), 0);
    } catch (MarkedYamlEngineException wrong) {
      int line = wrong.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      throw new Broken(line, "is no YAML: " + wrong.getProblem());
    } catch (YamlEngineException wrong) {
      throw new Broken(1, "is no YAML: " + wrong.getMessage());
    }
  }

  private static Yaml of(Node node, int depth) throws Broken {
    int line = node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    if (depth > DEEPEST) {
      throw new Broken(line, "is nested too deep");
    }
    return switch (node) {
      case MappingNode mapping -> fields(mapping, line, depth);
      case SequenceNode sequence -> {
        List<Yaml> items = new ArrayList<>();
        for (Node one : sequence.getValue()) {
          items.add(of(one, depth + 1));
        }
        yield new Items(line, List.copyOf(items));
      }
      case ScalarNode scalar -> {
        boolean block =
            scalar.getScalarStyle() == ScalarStyle.LITERAL
                || scalar.getScalarStyle() == ScalarStyle.FOLDED;
        yield new Scalar(block ? line + 1 : line, scalar.getValue());
      }
      default -> throw new Broken(line, "cannot be read");
    };
  }

  private static Yaml fields(MappingNode mapping, int line, int depth) throws Broken {
    Map<String, Yaml> values = new LinkedHashMap<>();
    for (NodeTuple pair : mapping.getValue()) {
      int keyLine = pair.getKeyNode().getStartMark().map(Mark::getLine).orElse(0) + 1;
      if (!(pair.getKeyNode() instanceof ScalarNode key)) {
        throw new Broken(keyLine, "a key must be a word");
      }
      if (values.put(key.getValue(), of(pair.getValueNode(), depth + 1)) != null) {
        throw new Broken(keyLine, "the key '" + key.getValue() + "' stands here twice");
      }
    }
    return new Fields(line, values);
  }

  /// These fields over those: what both have comes from the upper ones, objects are joined.
  static Fields over(Fields upper, Fields lower) {
    Map<String, Yaml> values = new LinkedHashMap<>(lower.values());
    upper
        .values()
        .forEach((key, value) ->
            values.merge(
                key,
                value,
                (below, above) ->
                    above instanceof Fields up && below instanceof Fields down
                        ? over(up, down)
                        : above));
    return new Fields(upper.line(), values);
  }
}
