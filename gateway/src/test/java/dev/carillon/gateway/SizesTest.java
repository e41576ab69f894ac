package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Keeps files, methods and parameter lists of all modules short enough to read. What is longer
/// stands in a list that may only shrink: an entry that no longer offends fails too.
final class SizesTest {
  private static final int FILE_LINES = 400;
  private static final int METHOD_LINES = 40;
  private static final int SWITCH_LINES = 60;
  private static final int PARAMETERS = 5;
  private static final int FILES_OF_A_PACKAGE = 30;

  /// Fewer files than this and the test looked in the wrong place.
  private static final int LEAST_FILES = 30;

  /// `File.java` for a file's lines, `File.java method` for a method's, `File.java method()` for
  /// its parameters, `package …` for its files.
  private static final Set<String> EXCEPTIONS =
      Set.of(
          // To be split.
          "Mp4.java track()",
          "SqliteTasks.java <init>()",
          "Voice.java sing()",
          // One thought a file makes many small files here.
          "package catalog",
          "package media",
          "package sqlite");

  private static final Set<String> MODULES =
      Set.of("api", "testkit", "gateway", "codegen", "client", "cli", "bench");

  @Test
  void sources_stay_short_enough_to_read() throws IOException {
    var sources = sources();

    var offenders = new TreeSet<String>();
    for (var source : sources) {
      if (Files.readAllLines(source).size() > FILE_LINES) {
        offenders.add(String.valueOf(source.getFileName()));
      }
    }
    offenders.addAll(longMethods(sources));
    offenders.addAll(crowdedPackages(sources));

    assertThat(sources.size()).isGreaterThan(LEAST_FILES);
    assertThat(offenders).isEqualTo(new TreeSet<>(EXCEPTIONS));
  }

  private static List<Path> sources() throws IOException {
    var sources = new ArrayList<Path>();
    for (var module : MODULES) {
      var folder = Path.of("..", module, "src", "main", "java");
      if (Files.isDirectory(folder)) {
        try (var files = Files.walk(folder)) {
          files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
        }
      }
    }
    return sources;
  }

  private static Set<String> crowdedPackages(List<Path> sources) {
    return sources.stream()
        .collect(Collectors.groupingBy(source -> source.resolveSibling(""), Collectors.counting()))
        .entrySet()
        .stream()
        .filter(entry -> entry.getValue() > FILES_OF_A_PACKAGE)
        .map(entry -> "package " + entry.getKey().getFileName())
        .collect(Collectors.toSet());
  }

  private static Set<String> longMethods(List<Path> sources) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      var units = files.getJavaFileObjectsFromPaths(sources);
      var task =
          (JavacTask) compiler.getTask(null, files, _ -> {}, List.of("-proc:none"), null, units);
      var found = new TreeSet<String>();
      for (var unit : task.parse()) {
        new Measure(unit, Trees.instance(task).getSourcePositions(), found).scan(unit, null);
      }
      return found;
    }
  }

  /// Walks one file and notes the methods that are too long or take too much.
  private static final class Measure extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final Set<String> found;

    Measure(CompilationUnitTree unit, SourcePositions positions, Set<String> found) {
      this.unit = unit;
      this.positions = positions;
      this.found = found;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      var name = Path.of(unit.getSourceFile().getName()).getFileName() + " " + method.getName();
      var body = method.getBody();
      if (body != null && lines(body) > (isOneSwitch(body) ? SWITCH_LINES : METHOD_LINES)) {
        found.add(name);
      }
      if (method.getParameters().size() > PARAMETERS && !isOfRecord(method)) {
        found.add(name + "()");
      }
      return super.visitMethod(method, null);
    }

    /// The compact constructor of a record repeats its components, which may be many.
    private boolean isOfRecord(MethodTree method) {
      return method.getName().contentEquals("<init>")
          && getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.RECORD;
    }

    private long lines(Tree tree) {
      var map = unit.getLineMap();
      return map.getLineNumber(positions.getEndPosition(unit, tree))
          - map.getLineNumber(positions.getStartPosition(unit, tree))
          + 1;
    }

    /// A total switch over states or outcomes may be longer than other methods.
    private static boolean isOneSwitch(BlockTree body) {
      if (body.getStatements().size() != 1) {
        return false;
      }
      return switch (body.getStatements().getFirst()) {
        case SwitchTree _ -> true;
        case ReturnTree answer -> answer.getExpression() instanceof SwitchExpressionTree;
        default -> false;
      };
    }
  }
}
