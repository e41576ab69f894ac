package dev.carillon.acceptance;

import dev.carillon.testkit.Receiver;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/// Gives tests one gateway for the whole run, an [Api] of it, and a [Receiver] for callbacks; they
/// are started when first asked for. When such a test fails, the end of the gateway's log is shown.
final class SharedGateway implements ParameterResolver, TestWatcher {
  private static final Namespace SPACE = Namespace.create(SharedGateway.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Api.class || type == GatewayProcess.class || type == Receiver.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    if (type == Receiver.class) {
      return context
          .getRoot()
          .getStore(SPACE)
          .computeIfAbsent(Receiver.class, _ -> Receiver.start(), Receiver.class);
    }
    GatewayProcess gateway = gateway(context);
    return type == Api.class ? gateway.api() : gateway;
  }

  private static GatewayProcess gateway(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(SPACE)
        .computeIfAbsent(
            GatewayProcess.class, _ -> GatewayProcess.start(Map.of()), GatewayProcess.class);
  }

  @Override
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    System.err.println(
        "gateway of " + context.getDisplayName() + ", " + gateway(context).logTail());
  }
}
