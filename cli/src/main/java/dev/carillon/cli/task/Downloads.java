package dev.carillon.cli.task;

import dev.carillon.cli.place.CommandFailure;
import dev.carillon.client.http.BoundedBody;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Fetches results into files. A file appears under its name when it is whole. No token is sent:
/// results may lie at another host.
final class Downloads implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final long MOST_BYTES = 8L << 30;
  private static final int TRIES = 8;
  private static final long MOST_SECONDS_ASKED = 30;
  private static final Pattern NUMBERED = Pattern.compile("^(.*?)(\\.[A-Za-z0-9]{1,8})?$");
  private static final Pattern EXTENSION = Pattern.compile("\\.([A-Za-z0-9]{2,5})$");

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  /// Saves all of them: the first under this name, the others as `-2`, `-3` and so on. In a folder
  /// they are called after the task.
  ///
  /// @throws CommandFailure when one cannot be fetched or written; the task is not lost by that
  List<Path> save(List<String> urls, Path to, String task) throws InterruptedException {
    List<Path> saved = new ArrayList<>();
    for (int i = 0; i < urls.size(); i++) {
      Path first = Files.isDirectory(to) ? to.resolve(task + extension(urls.get(i))) : to;
      Path file = numbered(first, i + 1);
      fetch(URI.create(urls.get(i)), file);
      saved.add(file);
    }
    return saved;
  }

  static Path numbered(Path file, int number) {
    Matcher name = NUMBERED.matcher(String.valueOf(file.getFileName()));
    if (number == 1 || !name.matches()) {
      return file;
    }
    String extension = name.group(2) == null ? "" : name.group(2);
    return file.resolveSibling(name.group(1) + "-" + number + extension);
  }

  /// The extension of an address's path with its dot; `.bin` when it has none.
  static String extension(String url) {
    String path = String.valueOf(URI.create(url).getPath());
    Matcher end = EXTENSION.matcher(path);
    return end.find() ? "." + end.group(1).toLowerCase(Locale.ROOT) : ".bin";
  }

  private void fetch(URI url, Path file) throws InterruptedException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      for (int tried = 1; ; tried++) {
        HttpResponse<Path> answer = get(url, part);
        if (answer.statusCode() == 200) {
          Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
          return;
        }
        boolean later = answer.statusCode() == 503 || answer.statusCode() == 429;
        if (!later || tried == TRIES) {
          throw new IOException("it answers " + answer.statusCode());
        }
        TimeUnit.SECONDS.sleep(secondsAsked(answer));
      }
    } catch (IOException failed) {
      String why = failed.getMessage() == null ? failed.toString() : failed.getMessage();
      throw new CommandFailure(
          CommandFailure.FAILED,
          "the result is there, but %s cannot be saved as %s: %s".formatted(url, file, why));
    } finally {
      deleteQuietly(part);
    }
  }

  private static void deleteQuietly(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException left) {
      // The next download of this name writes over it.
    }
  }

  private static long secondsAsked(HttpResponse<?> answer) {
    long asked = answer.headers().firstValueAsLong("retry-after").orElse(1);
    return Math.clamp(asked, 1, MOST_SECONDS_ASKED);
  }

  private HttpResponse<Path> get(URI url, Path part) throws IOException, InterruptedException {
    var coming =
        client.sendAsync(
            HttpRequest.newBuilder(url).build(),
            info ->
                info.statusCode() == 200
                    ? new BoundedBody<>(
                        BodySubscribers.ofFile(
                            part,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING),
                        MOST_BYTES)
                    : BodySubscribers.replacing(part));
    try {
      return coming.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException why ? why : new IOException(failed.getCause());
    } catch (TimeoutException slow) {
      throw new IOException("it did not come within " + LONGEST.toMinutes() + " minutes", slow);
    } finally {
      coming.cancel(true);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
