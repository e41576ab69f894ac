package dev.carillon.client;

import dev.carillon.client.service.TypedRequest;
import dev.carillon.client.webhook.EventHandler;
import dev.carillon.client.webhook.Inbox;
import dev.carillon.client.webhook.InboxEvent;
import dev.carillon.client.webhook.Receiver;
import dev.carillon.client.webhook.WebhookVerifier;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The door to a gateway, or to any server that speaks its compatible API. Safe for many threads;
/// one is enough for a program. The few threads and connections that it holds until it is closed do
/// not keep a program from ending.
public final class Carillon implements AutoCloseable {
  private static final String AGENT = "carillon-java/0.1";
  private static final String LOG = "dev.carillon.client";

  private final HttpSender http;
  private final Sender sender;
  private final Tasks tasks;
  private final Optional<TaskJournal> journal;

  private Carillon(HttpSender http, Sender sender, Tasks tasks, Optional<TaskJournal> journal) {
    this.http = http;
    this.sender = sender;
    this.tasks = tasks;
    this.journal = journal;
  }

  /// The same door for a program that keeps a journal: a task stands in it before it is submitted,
  /// until [TaskHandle#done]. Closing one of the two closes the other.
  public Carillon withJournal(TaskJournal journal) {
    return new Carillon(http, sender, tasks, Optional.of(journal));
  }

  /// The gateway that the environment names: `CARILLON_URL` and `CARILLON_TOKEN`, or else
  /// `ACEDATACLOUD_API_BASE_URL` and `ACEDATACLOUD_API_TOKEN`.
  ///
  /// @throws IllegalStateException when one of them is missing; it says which
  public static Carillon fromEnv() {
    return fromEnv(System.getenv());
  }

  static Carillon fromEnv(Map<String, String> environment) {
    return at(
        URI.create(named(environment, "CARILLON_URL", "ACEDATACLOUD_API_BASE_URL")),
        named(environment, "CARILLON_TOKEN", "ACEDATACLOUD_API_TOKEN"));
  }

  private static String named(Map<String, String> environment, String name, String other) {
    return Optional.ofNullable(environment.get(name))
        .or(() -> Optional.ofNullable(environment.get(other)))
        .filter(text -> !text.isBlank())
        .orElseThrow(() ->
            new IllegalStateException("set " + name + " (or " + other + ") in the environment"));
  }

  /// The gateway at this address.
  ///
  /// @param url such as `http://127.0.0.1:8080`
  /// @throws IllegalArgumentException for an address that is not one of HTTP
  public static Carillon at(URI url, String token) {
    return at(url, token, System.getLogger(LOG), false);
  }

  /// The same for a program that takes the line of each call itself. To set up the logging of the
  /// platform takes a short program longer than its call.
  ///
  /// @throws IllegalArgumentException for an address that is not one of HTTP
  public static Carillon at(URI url, String token, System.Logger log) {
    return at(url, token, log, false);
  }

  /// A server of the compatible API that has nothing of the gateway's own. [#at] finds that out by
  /// itself, with one request more.
  ///
  /// @throws IllegalArgumentException for an address that is not one of HTTP
  public static Carillon compatibleAt(URI url, String token) {
    return at(url, token, System.getLogger(LOG), true);
  }

  private static Carillon at(URI url, String token, System.Logger log, boolean compatibleOnly) {
    String text = url.toString();
    if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
      throw new IllegalArgumentException(text + " does not begin with http:// or https://");
    }
    while (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    var http = new HttpSender(text, token, AGENT);
    Sender retrying =
        new RetryingSender(
            http,
            pause -> TimeUnit.MILLISECONDS.sleep(pause.toMillis()),
            () -> ThreadLocalRandom.current().nextDouble());
    Sender logging = new LoggingSender(retrying, log);
    var tasks = new Tasks(logging, () -> ThreadLocalRandom.current().nextDouble(), compatibleOnly);
    return new Carillon(http, logging, tasks, Optional.empty());
  }

  /// Gives back threads and connections. Calls that are under way end with an
  /// [InterruptedException], and so does what asks the gateway from then on, waits and readers of
  /// the feed among it; tasks go on. Twice is harmless. A program of which this is the last act
  /// ends sooner by it: a virtual machine that exits waits up to 300 ms for threads that wait for
  /// the network.
  @Override
  public void close() {
    http.close();
  }

  /// Begins a reader of the gateway's feed of events that puts into an inbox what never arrived by
  /// callback.
  ///
  /// @param name tells readers of one inbox apart
  public FeedReconciler.Builder reconciler(String name, Inbox inbox) {
    return new FeedReconciler.Builder(this, name, inbox);
  }

  /// Begins a receiver that brings every event once, by callback or, where none arrived, by the
  /// feed, and that ends the waits of this door's handles.
  ///
  /// @param name tells readers of one inbox apart
  /// @param handler the application's code
  public Receiver.Builder receiver(
      String name, WebhookVerifier verifier, Inbox inbox, EventHandler handler) {
    EventHandler both =
        claim -> {
          heard(claim.event());
          handler.handle(claim);
        };
    return Receiver.builder(verifier, inbox, both).feed(reconciler(name, inbox).build());
  }

  /// Submits a task and gives its handle, with its id, before any wait. It is submitted once
  /// however often the network makes it necessary to ask again.
  ///
  /// @param service such as `midjourney`
  /// @param endpoint such as `imagine`
  /// @param body the request's fields, of what JSON can say; `async` is added, and a `trace_id`
  ///   unless there is one
  /// @throws ServiceException when the gateway refuses it
  /// @throws TransportException when no answer came and the task was not found either
  public TaskHandle submit(String service, String endpoint, Map<String, ?> body)
      throws InterruptedException {
    return submit(Submission.of(service, endpoint, body));
  }

  /// Submits a typed request, such as `Flux.images("a fox").count(2)`.
  ///
  /// @throws ServiceException when the gateway refuses it
  /// @throws TransportException when no answer came and the task was not found either
  public TaskHandle submit(TypedRequest<?> request) throws InterruptedException {
    return submit(request.submission());
  }

  /// Submits a task whose key the caller keeps.
  ///
  /// @throws ServiceException when the gateway refuses it
  /// @throws TransportException when no answer came and the task was not found either
  public TaskHandle submit(Submission submission) throws InterruptedException {
    if (journal.isEmpty()) {
      return new TaskHandle(tasks, submission.service(), tasks.submit(submission));
    }
    var entry =
        new TaskJournal.Entry(
            submission.key(),
            submission.service(),
            submission.endpoint(),
            submission.body().toString(),
            "");
    journal.get().begin(entry);
    return submit(submission, journal.get());
  }

  private TaskHandle submit(Submission submission, TaskJournal journal)
      throws InterruptedException {
    String key = submission.key();
    try {
      String id = tasks.submit(submission);
      journal.submitted(key, id);
      return handle(submission.service(), id, key, journal);
    } catch (ServiceException refused) {
      if (refused.status() < 500 || refused.status() == 503) {
        journal.done(key); // there is certainly no task
      }
      throw refused;
    }
  }

  private TaskHandle handle(String service, String id, String key, TaskJournal journal) {
    return new TaskHandle(tasks, service, id, () -> journal.done(key), Optional.empty());
  }

  /// The tasks that the journal has and the program is not done with, after a restart. Those of
  /// which no id is known are looked for, and submitted with their key where they are not found.
  ///
  /// @throws IllegalStateException without a journal
  /// @throws ServiceException when one cannot be submitted; it is struck off the journal if there
  ///   certainly is no task, and calling again goes on with the others
  public List<TaskHandle> resumeAll() throws InterruptedException {
    TaskJournal kept =
        journal.orElseThrow(() -> new IllegalStateException("call withJournal first"));
    List<TaskHandle> handles = new ArrayList<>();
    for (TaskJournal.Entry entry : kept.open()) {
      if (entry.taskId().isEmpty()) {
        var body = new JsonMapper().readTree(entry.body());
        var again = new Submission(entry.service(), entry.endpoint(), body, entry.key(), true);
        handles.add(submit(again, kept));
      } else {
        handles.add(handle(entry.service(), entry.taskId(), entry.key(), kept));
      }
    }
    return handles;
  }

  /// Tells the handles of this door what a callback brought: a task that a thread or a
  /// [TaskHandle#whenEnded] waits for has ended then, without another look. Whichever is first, the
  /// callback or the look, is what they get. To be called by the handler of a
  /// [dev.carillon.client.webhook.Receiver]; an event that tells of no end changes nothing.
  ///
  /// @param event one whose signature was checked
  public void heard(InboxEvent event) {
    CallbackResult.of(event).ifPresent(tasks::arrived);
  }

  /// The handle of a task that was submitted before, perhaps by a program that is gone. Asks
  /// nothing.
  public TaskHandle resume(String service, String id) {
    return new TaskHandle(tasks, service, id);
  }

  /// Reads what has no method of its own here.
  ///
  /// @param path with its query, such as `/v1/tasks?limit=5`
  /// @throws ServiceException when the gateway refuses it
  public JsonNode get(String path) throws InterruptedException {
    return sender.send(Call.get(path)).orThrow().json();
  }

  /// Calls what has no method of its own here. It is sent again only when the gateway certainly did
  /// not take it.
  ///
  /// @throws ServiceException when the gateway refuses it
  public JsonNode post(String path, JsonNode body) throws InterruptedException {
    return sender.send(Call.post(path, body.toString())).orThrow().json();
  }

  Reply send(Call call) throws InterruptedException {
    return sender.send(call);
  }
}
