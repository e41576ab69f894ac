package dev.carillon.gateway.upstream.http.spool;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;

/// Another process with a file in a spool, until it is killed.
final class Elsewhere {
  private Elsewhere() {}

  /// Starts one; its file is there when this returns.
  static Process start(Path folder) throws IOException, URISyntaxException {
    var places = new ArrayList<String>();
    for (Class<?> needed : List.of(Elsewhere.class, Spool.class, Logger.class)) {
      places.add(
          Path.of(needed.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                String.join(File.pathSeparator, places),
                Elsewhere.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.getInputStream().read() != '!') {
      throw new IOException("it did not start");
    }
    return process;
  }

  /// Writes a mark once its file is there, and waits for its end.
  public static void main(String[] folder) throws IOException, InterruptedException {
    var spool = new Spool(Path.of(folder[0]), Spool.Limits.DEFAULTS);
    spool.take("task", new ByteArrayInputStream(new byte[1_000_000]), false);
    System.out.print('!');
    System.out.flush();
    var _ = System.in.read();
  }
}
