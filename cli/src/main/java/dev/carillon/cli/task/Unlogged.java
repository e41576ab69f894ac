package dev.carillon.cli.task;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// Where the SDK's log goes to: nowhere. What goes wrong is told once, by the command.
final class Unlogged implements System.Logger {
  @Override
  public String getName() {
    return "none";
  }

  @Override
  public boolean isLoggable(Level level) {
    return false;
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {}

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object @Nullable ... parameters) {}
}
