package dev.carillon.gateway.asset;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.access.PlatformAccess;
import dev.carillon.gateway.asset.AssetKey.Folder;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Uuids;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Form;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.http.form.FormStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Takes pictures, videos and sounds that callers send as inputs for tasks, and gives each an
/// address (contract section 1.4, `POST /files/`). A file belongs to the application of its token,
/// or to the account of a platform token, and is deleted after a while.
public final class UploadRoutes {
  private static final String FILES = "/files";
  private static final String PLATFORM = "/api/v1/files";
  private static final String LINKS = "/uploads";
  private static final String FIELD = "file";
  private static final int AT_ONCE = 64;
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final AssetConfig.Uploads limits;
  private final Doors doors;
  private final Links links;
  private final Shelf shelf;
  private final FileAnswer files;
  private final Clocks clocks;
  private final AssetListener listener;
  private final Semaphore slots = new Semaphore(AT_ONCE);

  /// Who may send files.
  public record Doors(Access access, PlatformAccess platform) {}

  /// Where time and ids come from.
  public record Clocks(InstantSource clock, Ids ids) {}

  public UploadRoutes(
      AssetConfig.Uploads limits, AssetKeeper.Parts parts, Doors doors, Clocks clocks) {
    this.limits = limits;
    this.links = parts.links();
    this.listener = parts.listener();
    this.shelf = new Shelf(parts.store(), parts.staging());
    this.files = new FileAnswer(parts.store(), clocks.clock());
    this.doors = doors;
    this.clocks = clocks;
  }

  /// Adds all routes.
  public Routes addTo(Routes routes) {
    for (String path : List.of(FILES, PLATFORM)) {
      routes
          .post(path, this::take)
          .get(path, this::list)
          .get(path + "/{id}", this::one)
          .delete(path + "/{id}", this::delete);
    }
    return routes.get(LINKS + "/{owner}/{name}", this::file);
  }

  private Reply take(Call call) {
    Folder folder = folder(call, Kind.CREATE);
    FormStream.require(call);
    if (!slots.tryAcquire()) {
      throw Problem.of(ErrorCode.UNAVAILABLE).retryAfter(SOON);
    }
    var form = new Incoming();
    try {
      requireRoom(folder);
      FormStream.read(call, limits.maxBytes(), limits.time(), form::take);
      Upload upload = keep(folder, form.file());
      listener.uploaded("kept", upload.bytes());
      ObjectNode body = shown(folder, upload);
      body.put("filename", form.fileName);
      body.put("trace_id", call.traceId());
      return Reply.json(JSON.writeValueAsBytes(body));
    } catch (IOException fault) {
      throw refused(fault);
    } finally {
      slots.release();
      form.staged.ifPresent(shelf.staging()::discard);
    }
  }

  /// The fields of one form as they come.
  private final class Incoming {
    private Optional<Staged> staged = Optional.empty();
    private String fileName = "";

    void take(Form.Part head, InputStream content) throws IOException {
      if (!head.name().equals(FIELD)) {
        return;
      }
      if (staged.isPresent()) {
        throw new Problem(ErrorCode.BAD_REQUEST, "Send one file at a time.");
      }
      fileName = head.fileName().orElse("");
      staged = Optional.of(shelf.staging().write(content, limits.maxBytes(), true));
    }

    Staged file() {
      return staged.orElseThrow(
          () -> new Problem(ErrorCode.BAD_REQUEST, "The form has no part named '" + FIELD + "'."));
    }
  }

  private Upload keep(Folder folder, Staged file) throws AssetFault {
    Upload upload =
        new Upload(clocks.ids().next(), file.sha256(), file.sniffed().extension(), file.bytes());
    shelf.keep(folder.file(upload.name()), file);
    return upload;
  }

  private Problem refused(IOException fault) {
    AssetFault.Word word = fault instanceof AssetFault told ? told.word() : AssetFault.Word.SOURCE;
    listener.uploaded(word.name().toLowerCase(Locale.ROOT), 0);
    return switch (word) {
      case TOO_LARGE ->
          new Problem(
              ErrorCode.REQUEST_TOO_LARGE, "A file has at most " + limits.maxBytes() + " bytes.");
      case EMPTY -> new Problem(ErrorCode.BAD_REQUEST, "The file is empty.");
      case PAGE, NOT_MEDIA ->
          new Problem(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The file is no picture, video or sound.");
      case STORAGE -> Problem.of(ErrorCode.UNAVAILABLE).retryAfter(SOON);
      default -> new Problem(ErrorCode.BAD_REQUEST, "The file broke off.");
    };
  }

  private void requireRoom(Folder folder) throws IOException {
    if (current(folder).size() >= limits.maxFiles()) {
      throw new Problem(
          ErrorCode.TOO_MANY_REQUESTS,
          "You have " + limits.maxFiles() + " files here; delete some, or wait until they end.");
    }
  }

  /// Whose files a call is about.
  private Folder folder(Call call, Kind kind) {
    String token = call.header("Authorization").orElse("");
    boolean ofAccount = call.path().startsWith(PLATFORM) && token.contains(Access.PLATFORM_PREFIX);
    String owner =
        ofAccount
            ? doors.platform().admit(call).account().toString()
            : doors.access().admit(call, Optional.empty(), kind).application().toString();
    return new Folder(AssetKey.Kind.UPLOAD, owner);
  }

  private Reply list(Call call) {
    Folder folder = folder(call, Kind.QUERY);
    try {
      List<Upload> found = current(folder);
      ObjectNode body = JSON.createObjectNode().put("count", found.size());
      ArrayNode items = body.putArray("items");
      found.forEach(upload -> items.add(shown(folder, upload)));
      return Reply.json(JSON.writeValueAsBytes(body));
    } catch (IOException storage) {
      throw Problem.of(ErrorCode.UNAVAILABLE).retryAfter(SOON);
    }
  }

  private Reply one(Call call) {
    Folder folder = folder(call, Kind.QUERY);
    return Reply.json(JSON.writeValueAsBytes(shown(folder, found(call, folder))));
  }

  private Reply delete(Call call) {
    Folder folder = folder(call, Kind.CREATE);
    Upload upload = found(call, folder);
    try {
      shelf.store().remove(folder.file(upload.name()));
    } catch (IOException storage) {
      throw Problem.of(ErrorCode.UNAVAILABLE).retryAfter(SOON);
    }
    ObjectNode body = JSON.createObjectNode().put("id", upload.id().toString());
    return Reply.json(JSON.writeValueAsBytes(body.put("deleted", true)));
  }

  private Upload found(Call call, Folder folder) {
    Optional<UUID> id = Uuids.parse(call.pathParameter("id").orElse(""));
    try {
      return current(folder).stream()
          .filter(upload -> id.filter(upload.id()::equals).isPresent())
          .findFirst()
          .orElseThrow(UploadRoutes::none);
    } catch (IOException storage) {
      throw Problem.of(ErrorCode.UNAVAILABLE).retryAfter(SOON);
    }
  }

  private static Problem none() {
    return new Problem(ErrorCode.NOT_FOUND, "There is no such file.");
  }

  /// The files of a folder whose time is not over.
  private List<Upload> current(Folder folder) throws IOException {
    Instant now = clocks.clock().instant();
    return shelf.store().list(folder).stream()
        .map(Upload::parse)
        .flatMap(Optional::stream)
        .filter(upload -> now.isBefore(upload.until(limits.keepFor())))
        .toList();
  }

  /// Both `url` and `file_url`, as one official client reads this and another that.
  private ObjectNode shown(Folder folder, Upload upload) {
    Instant until = upload.until(limits.keepFor());
    String url = links.to("%s/%s/%s".formatted(LINKS, folder.owner(), upload.name()), until);
    return JSON.createObjectNode()
        .put("id", upload.id().toString())
        .put("object", "file")
        .put("url", url)
        .put("file_url", url)
        .put("content_type", Sniffed.ofExtension(upload.extension()).contentType())
        .put("bytes", upload.bytes())
        .put("sha256", upload.sha256())
        .put("created_at", upload.createdAt().getEpochSecond())
        .put("expires_at", until.getEpochSecond());
  }

  /// One file by its link, which providers follow without a token.
  private Reply file(Call call) {
    Instant until = links.check(call);
    String owner = call.pathParameter("owner").orElse("");
    String name = call.pathParameter("name").orElse("");
    Upload upload = Upload.parse(new AssetStore.Entry(name, 0)).orElseThrow(UploadRoutes::none);
    if (!Folder.isOwner(owner)) {
      throw none();
    }
    Folder folder = new Folder(AssetKey.Kind.UPLOAD, owner);
    return files.answer(
        call,
        new FileAnswer.Wanted(
            folder.file(name),
            upload.sha256(),
            upload.extension(),
            upload.id() + "." + upload.extension(),
            until));
  }
}
