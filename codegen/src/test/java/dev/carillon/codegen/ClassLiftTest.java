package dev.carillon.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClassLiftTest {
  private static final MethodTypeDesc SIGN =
      MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int);

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  /// A class as an old compiler made it: with a branch, and without a stack map.
  private static byte[] old(String name) {
    return ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS)
        .build(
            ClassDesc.of(name),
            type ->
                type.withVersion(ClassFile.JAVA_5_VERSION, 0)
                    .withFlags(AccessFlag.PUBLIC, AccessFlag.SUPER)
                    .withMethodBody(
                        "sign",
                        SIGN,
                        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                        code ->
                            code.iload(0)
                                .ifThenElse(yes -> yes.iconst_1(), no -> no.iconst_0())
                                .ireturn()));
  }

  private static int version(byte[] bytes) {
    return bytes[6] * 256 + bytes[7];
  }

  @Test
  void old_classes_of_the_folder_get_a_new_form_and_do_the_same() throws Exception {
    Path jar = folder.resolve("some.jar");
    write(jar, "old/Sign.class", old("old.Sign"), "other/Sign.class", old("other.Sign"));

    int lifted = ClassLift.lift(jar, "old");

    assertThat(lifted).isOne();
    try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      var sign = loader.loadClass("old.Sign").getMethod("sign", int.class);
      assertThat(sign.invoke(null, 7)).isEqualTo(1);
      assertThat(sign.invoke(null, 0)).isEqualTo(0);
      assertThat(version(read(loader, "old/Sign.class"))).isEqualTo(ClassFile.JAVA_7_VERSION);
      assertThat(version(read(loader, "other/Sign.class"))).isEqualTo(ClassFile.JAVA_5_VERSION);
    }
    assertThat(ClassLift.lift(jar, "old")).isZero();
  }

  private static byte[] read(ClassLoader loader, String name) throws IOException {
    try (var bytes = loader.getResourceAsStream(name)) {
      assertThat(bytes).isNotNull();
      return bytes.readAllBytes();
    }
  }

  private static void write(Path jar, Object... namesAndBytes) throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (int i = 0; i < namesAndBytes.length; i += 2) {
        out.putNextEntry(new JarEntry((String) namesAndBytes[i]));
        out.write((byte[]) namesAndBytes[i + 1]);
      }
    }
  }
}
