package dev.carillon.cli;

import dev.carillon.gateway.Administration;
import dev.carillon.gateway.Gateway;
import dev.carillon.gateway.config.Keys;
import dev.carillon.gateway.config.Settings;
import dev.carillon.gateway.config.SettingsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Where the command line touches the gateway: collects the sources of the settings, starts it, and
/// says what a newcomer needs to know.
public final class Wiring {
  private static final String FILE_VARIABLE = "CARILLON_CONFIG";
  private static final Path USUAL_FILE = Path.of("carillon.yaml");

  private static final Logger LOG = LoggerFactory.getLogger("dev.carillon.settings");

  private Wiring() {}

  /// A started gateway; closing it drains what is in flight.
  ///
  /// @param file the configuration file named by a flag; without one that of `CARILLON_CONFIG`, and
  ///   without that `carillon.yaml` of the working folder if it is there
  /// @param flags configuration keys given on the command line
  /// @throws dev.carillon.gateway.config.ConfigException for mistakes in any source
  static Gateway start(Optional<Path> file, Map<String, String> flags) {
    // Until the level that was asked for is known; Logback alone would log everything.
    Logging.start(Keys.LogLevel.WARN);
    Settings settings = Settings.of(sources(file, flags));
    Logging.start(settings.get(Keys.LOG_LEVEL));
    settings.effective().forEach(line -> LOG.info("setting {}", line));
    Gateway gateway =
        Gateway.open(
            settings,
            System.getenv(),
            InstantSource.system(),
            new SecureRandom(),
            () -> ThreadLocalRandom.current().nextLong());
    int port = started(gateway);
    String host = settings.get(Keys.ADDRESS);
    String url = "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    System.out.println("carillon: listening on " + url + ", data in " + settings.get(Keys.DATA));
    gateway.firstToken().ifPresent(token -> welcome(url, token));
    return gateway;
  }

  /// The way to the admin API of the gateway whose data folder the settings name.
  ///
  /// @throws AdminException when there is none
  static AdminLine adminLine(Optional<Path> file, Map<String, String> flags) {
    Settings settings = Settings.of(sources(file, flags));
    Administration.Place place = Administration.place(settings);
    AdminLine.none(place)
        .ifPresent(none -> {
          throw none;
        });
    return place instanceof Administration.Place.Running running
        ? new AdminLine.Running(running)
        : new AdminLine.Stopped(
            Administration.open(
                settings,
                InstantSource.system(),
                new SecureRandom(),
                () -> ThreadLocalRandom.current().nextLong()));
  }

  /// The settings of the gateway that a command of the operator means; from here on only warnings
  /// are logged.
  ///
  /// @throws dev.carillon.gateway.config.ConfigException for mistakes in any source
  public static Settings settings(Optional<Path> file, Map<String, String> flags) {
    Logging.start(Keys.LogLevel.WARN);
    return Settings.of(sources(file, flags));
  }

  private static int started(Gateway gateway) {
    try {
      return gateway.start();
    } catch (RuntimeException failed) {
      gateway.close();
      throw failed;
    }
  }

  private static List<Settings.Source> sources(Optional<Path> file, Map<String, String> flags) {
    List<Settings.Source> sources = new ArrayList<>();
    file.or(() -> Optional.ofNullable(System.getenv(FILE_VARIABLE)).map(Path::of))
        .or(() -> Optional.of(USUAL_FILE).filter(Files::exists))
        .map(SettingsFile::read)
        .ifPresent(sources::add);
    sources.add(Settings.environment(System.getenv()));
    sources.add(new Settings.Source("command line", flags));
    return sources;
  }

  /// The token stands in one line that can be pasted; it is shown only now.
  private static void welcome(String url, String token) {
    System.out.printf(
        """
        carillon: this is the first start, so here is an application with credit. Its token is shown only now.
        carillon: results come from the sandbox, which draws and composes procedurally. Try it:

          curl -sS %s/v1/midjourney/imagine -H "Authorization: Bearer %s" -H "Content-Type: application/json" -d '{"prompt": "a lighthouse at dusk"}'

        """,
        url, token);
  }

  static String configReference() {
    return Keys.reference();
  }

  /// The same for programs.
  static JsonNode configKeys() {
    var object = JsonNodeFactory.instance.objectNode();
    var items = object.putArray("items");
    Keys.ALL.forEach(key ->
        items
            .addObject()
            .put("key", key.name())
            .put("environment", key.variable())
            .put("default", key.defaultText())
            .put("allowed", key.range())
            .put("meaning", key.meaning()));
    return object;
  }
}
