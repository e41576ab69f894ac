package dev.carillon.examples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// The program.
@SpringBootApplication
public class CallbackApplication {
  /// Runs until it is stopped. `carillon.webhook-secret` is the secret, `carillon.inbox` the
  /// inbox's file.
  public static void main(String[] arguments) {
    SpringApplication.run(CallbackApplication.class, arguments);
  }
}
