package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The official clients, unchanged, against this gateway: contract section 6.2, lines 8 and 9. The
/// scripts stand in `acceptance/clients`; each prints a line a step and ends with 1 when one
/// failed.
@ExtendWith(SharedGateway.class)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class OfficialClientsIT {
  private static final Path CLIENTS =
      Path.of(System.getProperty("carillon.clients", "clients")).toAbsolutePath().normalize();
  private static final Path PYTHON = CLIENTS.resolveSibling(".venv").resolve("bin/python");
  private static final int PREPARING_MINUTES = 8;
  private static final int RUNNING_SECONDS = 300;

  private final GatewayProcess gateway;

  OfficialClientsIT(GatewayProcess gateway) {
    this.gateway = gateway;
  }

  /// Installs the clients once; does nothing when they are there in the wanted versions.
  @BeforeAll
  @Timeout(value = PREPARING_MINUTES, unit = TimeUnit.MINUTES)
  static void prepare() throws Exception {
    var builder = new ProcessBuilder(CLIENTS.resolve("prepare").toString());
    run(builder, "the clients could not be installed", PREPARING_MINUTES * 60);
  }

  @Test
  void the_python_sdk_submits_polls_waits_and_understands_every_error() throws Exception {
    script("sdk.py");
  }

  @Test
  void the_command_lines_submit_wait_and_end_well() throws Exception {
    script("command_lines.py");
  }

  @Test
  void the_midjourney_command_line_waits_to_the_end() throws Exception {
    script("command_lines.py", "midjourney-wait");
  }

  @Test
  void the_mcp_servers_submit_and_see_the_end() throws Exception {
    script("mcp_servers.py");
  }

  @Test
  void the_management_mcp_server_manages_an_account() throws Exception {
    script("mcp_platform.py");
  }

  private void script(String... nameAndArguments) throws Exception {
    var command = new ArrayList<>(List.of(PYTHON.toString()));
    command.add(CLIENTS.resolve(nameAndArguments[0]).toString());
    command.addAll(Arrays.asList(nameAndArguments).subList(1, nameAndArguments.length));
    var builder = new ProcessBuilder(command);
    builder.environment().put("ACEDATACLOUD_API_BASE_URL", gateway.base().toString());
    builder.environment().put("ACEDATACLOUD_API_TOKEN", gateway.token());
    builder.environment().put("ACEDATACLOUD_PLATFORM_TOKEN", platformToken());
    builder.environment().put("PLATFORM_API_BASE_URL", gateway.base().toString());
    run(builder, String.join(" ", nameAndArguments) + " failed", RUNNING_SECONDS);
  }

  private String platformToken() {
    Answer made = gateway.api().as(gateway.adminToken()).post("/admin/v1/platform-tokens", "{}");
    assertThat(made.status()).as("%s", made).isEqualTo(201);
    return made.json().path("token").asString();
  }

  private static void run(ProcessBuilder builder, String failure, int seconds)
      throws IOException, InterruptedException {
    Program.run(builder.directory(CLIENTS.toFile()), failure, seconds);
  }
}
