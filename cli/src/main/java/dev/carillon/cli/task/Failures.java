package dev.carillon.cli.task;

import dev.carillon.cli.place.CommandFailure;
import dev.carillon.cli.place.Place;
import dev.carillon.client.AnswerException;
import dev.carillon.client.CarillonException;
import dev.carillon.client.ServiceException;
import dev.carillon.client.TransportException;
import dev.carillon.client.WaitTimeoutException;

/// What went wrong between a command and its gateway, said for people with the next step.
final class Failures {
  private Failures() {}

  /// @param again the flags that lead to the same gateway
  static CommandFailure of(CarillonException failure, Place place, String again) {
    return switch (failure) {
      case TransportException none ->
          new CommandFailure(
              CommandFailure.UNREACHABLE,
              "no gateway answers at %s (%s). Start one with `carillon serve`, or say where it is with --url or in CARILLON_URL."
                  .formatted(place.url(), none.getMessage()));
      case AnswerException strange ->
          new CommandFailure(
              CommandFailure.REFUSED,
              "what answers at %s is no gateway (%s). Say where it is with --url or in CARILLON_URL."
                  .formatted(place.url(), strange.getMessage()));
      case WaitTimeoutException late -> late(late.taskId(), again);
      case ServiceException refused -> refused(refused, place);
    };
  }

  private static CommandFailure late(String task, String again) {
    return new CommandFailure(
        CommandFailure.LATE,
        "task %s has not ended yet. It goes on; wait for it with `carillon task wait %s%s`."
            .formatted(task, task, again));
  }

  private static CommandFailure refused(ServiceException refused, Place place) {
    String said = said(refused);
    String next =
        switch (refused) {
          case ServiceException.Unauthorized _ ->
              "Give another token with --token or in CARILLON_TOKEN.";
          case ServiceException.UsedUp _ -> "Add credit with `carillon credit add AMOUNT`.";
          case ServiceException.NotFound _ ->
              "`carillon task list` and `carillon callback list` show what this application has, "
                  + place.url()
                  + "/docs its endpoints.";
          case ServiceException.BadRequest _ ->
              place.url()
                  + "/docs shows what each endpoint takes; set a field with --set name=value.";
          case ServiceException.Limited _ -> "Try again later, with less at once.";
          case ServiceException.Unavailable _ -> "Try again later.";
          default -> "";
        };
    boolean isAway = refused instanceof ServiceException.Unavailable;
    return new CommandFailure(
        isAway ? CommandFailure.UNREACHABLE : CommandFailure.REFUSED,
        ("the gateway refuses: " + said + " " + next).strip());
  }

  static String said(ServiceException refused) {
    return refused
        .traceId()
        .map(trace -> text(refused).replaceFirst("[.]$", "") + ". Trace " + trace + ".")
        .orElse(text(refused));
  }

  private static String text(ServiceException refused) {
    return String.valueOf(refused.getMessage());
  }
}
