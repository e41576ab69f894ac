package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.SigningSecret.Kind;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SignatureException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The snippets of `docs/callbacks.md` verify what is sent and refuse what is not, each by its own
/// language; one that is not installed is left out.
final class VerifySnippetsTest {
  private static final byte[] BODY = "{\"a\":\"ü\"}\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "{\"a\":\"u\"}\n".getBytes(StandardCharsets.UTF_8);
  private static final String ID = "msg_1_2";

  // The snippets ask the machine.
  private final long seconds = Instant.now().getEpochSecond();
  private final SplittableRandom random = new SplittableRandom(23);
  private final SigningSecret secret = SigningKeys.fresh(Kind.HMAC, random, Instant.EPOCH);
  private final SigningSecret fresh = SigningKeys.fresh(Kind.HMAC, random, Instant.EPOCH);
  private final SigningSecret pair = SigningKeys.fresh(Kind.ED25519, random, Instant.EPOCH);

  @TempDir private Path folder;

  @Test
  void python() throws IOException, InterruptedException {
    String call =
        """

        import sys
        print(verify(sys.argv[1], {"webhook-id": sys.argv[2], "webhook-timestamp": sys.argv[3],
              "webhook-signature": sys.argv[4]}, sys.stdin.buffer.read()))
        """;
    assertVerifies("python3", "verify.py", snippet("python") + call, true);
  }

  @Test
  void javascript() throws IOException, InterruptedException {
    String call =
        """

        const [secret, id, timestamp, signature] = process.argv.slice(2);
        verify(secret, {"webhook-id": id, "webhook-timestamp": timestamp,
          "webhook-signature": signature}, require("fs").readFileSync(0));
        """;
    assertVerifies("node", "verify.cjs", snippet("js") + call, true);
  }

  @Test
  void shell() throws IOException, InterruptedException {
    assumeTrue(installed("openssl", "version"));
    assertVerifies("sh", "verify.sh", snippet("sh") + "\nverify \"$@\"\n", false);
  }

  @Test
  void java() throws Exception {
    Class<?> compiled = compiled(snippet("java"));
    Method verify =
        compiled.getDeclaredMethod("verify", String.class, Map.class, byte[].class, Instant.class);
    Method verifyV1a =
        compiled.getDeclaredMethod("verifyV1a", String.class, Map.class, byte[].class);
    Instant now = Instant.ofEpochSecond(seconds);
    Map<String, String> headers =
        Map.of(
            "webhook-id", ID,
            "webhook-timestamp", Long.toString(seconds),
            "webhook-signature",
                new Signer().sign(ID, seconds, BODY, List.of(fresh, secret, pair)));

    assertThat(verify.invoke(null, secret.text(), headers, BODY, now)).isEqualTo(ID);
    assertThatThrownBy(() -> verify.invoke(null, secret.text(), headers, OTHER, now))
        .hasCauseInstanceOf(SignatureException.class);
    assertThatThrownBy(
            () -> verify.invoke(null, secret.text(), headers, BODY, now.plusSeconds(301)))
        .hasCauseInstanceOf(SignatureException.class);
    String publicKey = SigningKeys.publicKey(pair);
    assertThat(verifyV1a.invoke(null, publicKey, headers, BODY)).isEqualTo(true);
    assertThat(verifyV1a.invoke(null, publicKey, headers, OTHER)).isEqualTo(false);
  }

  private void assertVerifies(String program, String name, String code, boolean looksAtTime)
      throws IOException, InterruptedException {
    assumeTrue(installed(program, program.equals("sh") ? "-c" : "--version", "exit"));
    Path file = Files.writeString(folder.resolve(name), code);
    String signatures = new Signer().sign(ID, seconds, BODY, List.of(pair, fresh, secret));

    assertThat(run(file, program, seconds, signatures, BODY)).isZero();
    assertThat(run(file, program, seconds, signatures, OTHER)).isNotZero();
    assertThat(run(file, program, seconds + 1, signatures, BODY)).isNotZero();
    String others = new Signer().sign(ID, seconds, BODY, List.of(fresh));
    assertThat(run(file, program, seconds, others, BODY)).isNotZero();
    long old = seconds - 3600;
    String late = new Signer().sign(ID, old, BODY, List.of(secret));
    assertThat(run(file, program, old, late, BODY) != 0).isEqualTo(looksAtTime);
  }

  private int run(Path file, String program, long seconds, String signatures, byte[] body)
      throws IOException, InterruptedException {
    String time = Long.toString(seconds);
    Process process =
        new ProcessBuilder(program, file.toString(), secret.text(), ID, time, signatures)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    try (var out = process.getOutputStream()) {
      out.write(body);
    } catch (IOException _) {
      // It may refuse before it has read the body.
    }
    return exit(process);
  }

  private static boolean installed(String... command) throws InterruptedException {
    try {
      return exit(new ProcessBuilder(command).start()) == 0;
    } catch (IOException _) {
      return false;
    }
  }

  private static int exit(Process process) throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("it did not end");
    }
    return process.exitValue();
  }

  private Class<?> compiled(String methods) throws IOException, ReflectiveOperationException {
    String code =
        """
        import static java.nio.charset.StandardCharsets.UTF_8;
        import java.security.*;
        import java.security.spec.*;
        import java.time.*;
        import java.util.*;
        import javax.crypto.*;
        import javax.crypto.spec.*;
        public class Verify {
        """
            + methods.replaceAll("(?m)^static ", "public static ")
            + "}\n";
    Path file = Files.writeString(folder.resolve("Verify.java"), code);
    int result =
        ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", file.toString());
    assertThat(result).isZero();
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      return loader.loadClass("Verify");
    }
  }

  private static String snippet(String language) throws IOException {
    String page = Files.readString(Path.of("../docs/callbacks.md"));
    return Arrays.stream(page.split("```" + language + "\n", -1))
        .skip(1)
        .map(rest -> rest.substring(0, rest.indexOf("```")))
        .findFirst()
        .orElseThrow();
  }
}
