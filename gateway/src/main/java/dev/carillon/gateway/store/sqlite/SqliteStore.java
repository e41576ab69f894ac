package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.AccountId;
import dev.carillon.gateway.domain.Application;
import dev.carillon.gateway.domain.ApplicationId;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Credential;
import dev.carillon.gateway.domain.CredentialId;
import dev.carillon.gateway.domain.Dispatch;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Receipt;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The store in one SQLite file, for one process. The package's chapter tells how it works.
public final class SqliteStore implements Store {
  private final Parts parts;

  private SqliteStore(Parts parts) {
    this.parts = parts;
  }

  /// Opens a file, made with its folder when it is not there, and brings it to the newest version.
  /// The store is started; tasks and deliveries that an earlier process left are handed out again.
  ///
  /// @param clock tells when deliveries are due and when credit was given
  /// @param ids makes the ids of deliveries
  /// @throws StoreUnavailableException when another process has the file, or it cannot be opened;
  ///   the message names it
  public static SqliteStore open(Path file, SqliteConfig config, InstantSource clock, Ids ids) {
    return new SqliteStore(Parts.open(file, config, clock, ids));
  }

  /// The writer, for tests that make it fail.
  Writer writer() {
    return parts.writer();
  }

  @Override
  public Bell bell() {
    return parts.bell();
  }

  @Override
  public boolean ready() {
    return parts.writer().ready();
  }

  @Override
  public void close() {
    parts.close();
  }

  @Override
  public Accepted accept(Order order) {
    return parts.tasks().accept(order);
  }

  @Override
  public List<Claim> claim(int max, Duration wait) throws InterruptedException {
    return parts.tasks().claim(max, wait);
  }

  @Override
  public boolean noteUpstream(Claim claim, String upstreamRef) {
    return parts.tasks().noteUpstream(claim, upstreamRef);
  }

  @Override
  public void noteRunning(Claim claim, TaskState.Running running) {
    parts.tasks().noteRunning(claim, running);
  }

  @Override
  public Optional<Task> settle(Claim claim, TaskState next) {
    return parts.tasks().settle(claim, next);
  }

  @Override
  public Optional<Task> cancel(TaskId id, ApplicationId application, Instant now) {
    return parts.tasks().cancel(id, application, now);
  }

  @Override
  public Optional<Task> find(TaskId id) {
    return parts.tasks().find(id);
  }

  @Override
  public Optional<Task> findByTrace(ApplicationId application, String service, String traceId) {
    return parts.tasks().findByTrace(application, service, traceId);
  }

  @Override
  public List<Task> findAll(ApplicationId application, Collection<TaskId> ids) {
    return parts.tasks().findAll(application, ids);
  }

  @Override
  public List<Task> list(TaskQuery query) {
    return parts.tasks().list(query);
  }

  @Override
  public int count(TaskQuery query, int bound) {
    return parts.tasks().count(query, bound);
  }

  @Override
  public List<Event> events(TaskId id, int after, int max) {
    return parts.tasks().events(id, after, max);
  }

  @Override
  public boolean remove(TaskId id, ApplicationId application) {
    return parts.tasks().remove(id, application);
  }

  @Override
  public int openTasks() {
    return parts.tasks().openTasks();
  }

  @Override
  public int purge(Instant endedBefore, int max) {
    return parts.tasks().purge(endedBefore, max);
  }

  @Override
  public List<Dispatch> claimDeliveries(int max, Duration wait) throws InterruptedException {
    return parts.deliveries().claimDeliveries(max, wait);
  }

  @Override
  public void recordAttempt(Dispatch dispatch, Receipt receipt) {
    parts.deliveries().recordAttempt(dispatch, receipt);
  }

  @Override
  public List<Attempt> attempts(TaskId task) {
    return parts.deliveries().attempts(task);
  }

  @Override
  public int pendingDeliveries() {
    return parts.deliveries().pendingDeliveries();
  }

  @Override
  public void createAccount(AccountId id, Money generalBalance) {
    parts.access().createAccount(id, generalBalance);
  }

  @Override
  public void createApplication(Application application) {
    parts.access().createApplication(application);
  }

  @Override
  public void createCredential(Credential credential) {
    parts.access().createCredential(credential);
  }

  @Override
  public boolean revokeCredential(CredentialId id) {
    return parts.access().revokeCredential(id);
  }

  @Override
  public boolean disableApplication(ApplicationId id, boolean disabled) {
    return parts.access().disableApplication(id, disabled);
  }

  @Override
  public Optional<Access> findByTokenHash(String tokenHash) {
    return parts.access().findByTokenHash(tokenHash);
  }

  @Override
  public List<Application> applications() {
    return parts.access().applications();
  }

  @Override
  public Optional<Application> application(ApplicationId id) {
    return parts.access().application(id);
  }

  @Override
  public Money generalBalance(AccountId id) {
    return parts.access().generalBalance(id);
  }

  @Override
  public void addGeneralCredit(AccountId id, Money amount) {
    parts.access().addGeneralCredit(id, amount);
  }

  @Override
  public void addCredit(ApplicationId id, Money amount) {
    parts.access().addCredit(id, amount);
  }

  @Override
  public Money held() {
    return parts.access().held();
  }

  @Override
  public byte[] secret(String name, Supplier<byte[]> initial) {
    return parts.access().secret(name, initial);
  }

  @Override
  public void saveNotes(Map<String, byte[]> notes) {
    parts.access().saveNotes(notes);
  }

  @Override
  public Map<String, byte[]> notes(String prefix) {
    return parts.access().notes(prefix);
  }
}
