package dev.carillon.gateway.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// A certificate authority in a folder, made with the JDK's `keytool`, and what it signed.
final class Certificates {
  private static final String PASSWORD = "changeit";
  private static final long LIMIT_SECONDS = 60;

  private final Path store;

  /// Makes the authority.
  Certificates(Path folder) throws IOException, InterruptedException {
    this.store = folder.resolve("keys.p12");
    make("ca", "CN=Test authority", "-ext", "bc:c");
  }

  /// A server's certificate for this name, signed by the authority.
  ///
  /// @param from such as `-1d`, when it begins to hold, for two days
  SSLContext signed(String alias, String name, String from)
      throws IOException, InterruptedException, GeneralSecurityException {
    make(
        alias,
        "CN=" + name,
        "-signer",
        "ca",
        "-ext",
        "san=dns:" + name,
        "-startdate",
        from,
        "-validity",
        "2");
    return context(alias);
  }

  /// One that signed itself.
  SSLContext selfSigned(String alias, String name)
      throws IOException, InterruptedException, GeneralSecurityException {
    make(alias, "CN=" + name, "-ext", "san=dns:" + name);
    return context(alias);
  }

  /// Trusts the authority alone.
  X509TrustManager trust() throws IOException, GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore authority = KeyStore.getInstance("PKCS12");
    authority.load(null, null);
    authority.setCertificateEntry("ca", load(store).getCertificate("ca"));
    factory.init(authority);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  private SSLContext context(String alias) throws IOException, GeneralSecurityException {
    KeyStore all = load(store);
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    char[] password = PASSWORD.toCharArray();
    one.setKeyEntry(alias, all.getKey(alias, password), password, all.getCertificateChain(alias));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(one, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
    KeyStore loaded = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      loaded.load(in, PASSWORD.toCharArray());
    }
    return loaded;
  }

  private void make(String alias, String subject, String... more)
      throws IOException, InterruptedException {
    var arguments =
        new ArrayList<>(
            List.of(
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                subject,
                "-keyalg",
                "EC",
                "-keystore",
                store.toString()));
    arguments.addAll(Arrays.asList(more));
    keytool(arguments.toArray(String[]::new));
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(Arrays.asList(arguments));
    command.addAll(List.of("-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("keytool failed: " + said);
    }
  }
}
