package dev.carillon.codegen;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Gives the oldest classes of a jar a newer form: class files of Java 5 and before have no stack
/// maps, so the virtual machine checks them by its slow old verifier at each start and takes none
/// into its start-up cache. What they do stays the same.
public final class ClassLift {
  /// The first version with stack maps that must be right.
  private static final int NEW_ENOUGH = ClassFile.JAVA_7_VERSION;

  private static final int OLD = ClassFile.JAVA_6_VERSION;

  private ClassLift() {}

  /// Rewrites a jar in place.
  ///
  /// @param args the jar, and the folder of the packages to lift in it, such as `picocli`
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("usage: <jar> <folder in it>");
    }
    int lifted = lift(Path.of(args[0]), args[1]);
    System.out.println("lifted " + lifted + " classes of " + args[1]);
  }

  static int lift(Path jar, String folder) throws IOException {
    try (FileSystem files = FileSystems.newFileSystem(jar)) {
      Path root = files.getPath("/");
      int lifted = 0;
      for (Path file : classes(root.resolve(folder))) {
        Optional<byte[]> newer = lifted(Files.readAllBytes(file), root);
        if (newer.isPresent()) {
          Files.write(file, newer.get());
          lifted++;
        }
      }
      return lifted;
    }
  }

  private static List<Path> classes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return new ArrayList<>(files.filter(file -> file.toString().endsWith(".class")).toList());
    }
  }

  private static Optional<byte[]> lifted(byte[] bytes, Path root) {
    ClassFile reader =
        ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(name -> opened(root, name))
                    .orElse(ClassHierarchyResolver.defaultResolver())));
    ClassModel old = reader.parse(bytes);
    if (old.majorVersion() >= OLD) {
      return Optional.empty();
    }
    ClassTransform version =
        (builder, element) -> {
          ClassElement kept =
              element instanceof ClassFileVersion ? ClassFileVersion.of(NEW_ENOUGH, 0) : element;
          builder.with(kept);
        };
    // Bodies are copied as they are, without stack maps, unless something goes through them.
    var bodies = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL);
    return Optional.of(reader.transformClass(old, version.andThen(bodies)));
  }

  private static @Nullable InputStream opened(Path root, ClassDesc name) {
    String descriptor = name.descriptorString();
    Path file = root.resolve(descriptor.substring(1, descriptor.length() - 1) + ".class");
    try {
      return Files.exists(file) ? Files.newInputStream(file) : null;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
