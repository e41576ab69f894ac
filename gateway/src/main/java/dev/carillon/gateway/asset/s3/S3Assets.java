package dev.carillon.gateway.asset.s3;

import dev.carillon.gateway.asset.AssetKey;
import dev.carillon.gateway.asset.AssetKey.Folder;
import dev.carillon.gateway.asset.AssetKey.Kind;
import dev.carillon.gateway.asset.AssetStore;
import dev.carillon.gateway.asset.Part;
import dev.carillon.gateway.asset.Staged;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpRequest;

/// Files as objects of a bucket. An object is there when its `PUT` was answered, and whole, as S3
/// says; the store itself checks the SHA-256 that is sent along.
public final class S3Assets implements AssetStore {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(60);
  private static final long LISTING_BYTES = 8L * 1024 * 1024;
  private static final int MOST_PAGES = 100_000;
  private static final long ERROR_BYTES = 1024;

  private final S3Config config;
  private final S3Signer signer;
  private @Nullable OkHttpClient
      made; // guarded by this; the trusted certificates take long to read

  public S3Assets(S3Config config, InstantSource clock) {
    this.config = config;
    this.signer = new S3Signer(config, clock.withZone(ZoneOffset.UTC));
  }

  private synchronized OkHttpClient client() {
    OkHttpClient client = made;
    if (client == null) {
      client =
          new OkHttpClient.Builder()
              .connectTimeout(CONNECT)
              .readTimeout(SILENCE)
              .writeTimeout(SILENCE)
              .followRedirects(false)
              .cache(null)
              .build();
      made = client;
    }
    return client;
  }

  @Override
  public void put(AssetKey key, Staged file) throws IOException {
    byte[] sha256 = HexFormat.of().parseHex(file.sha256());
    var headers =
        Map.of(
            "Content-Type", file.contentType(),
            "x-amz-checksum-sha256", Base64.getEncoder().encodeToString(sha256));
    var unsigned =
        new S3Signer.Unsigned(
            "PUT", config.uri(keyOf(key)), Map.of(), headers, Optional.of(file.path()));
    var body = RequestBody.create(file.path().toFile(), null);
    try (Response response = send(unsigned, body)) {
      require(response, 200);
    }
  }

  @Override
  public Optional<Long> length(AssetKey key) throws IOException {
    try (Response response = send(plain("HEAD", keyOf(key), Map.of(), Map.of()), null)) {
      if (response.code() == 404) {
        return Optional.empty();
      }
      require(response, 200);
      return Optional.of(Long.parseLong(response.header("Content-Length", "")));
    } catch (NumberFormatException untold) {
      throw new IOException("the store does not tell the length", untold);
    }
  }

  @Override
  public InputStream open(AssetKey key, long from, long length) throws IOException {
    var range = Map.of("Range", "bytes=" + from + "-" + (from + length - 1));
    Response response = send(plain("GET", keyOf(key), Map.of(), range), null);
    try {
      require(response, 206);
      return new Part(response.body().byteStream(), length);
    } catch (IOException | RuntimeException failed) {
      response.close();
      throw failed;
    }
  }

  @Override
  public List<Entry> list(Folder folder) throws IOException {
    String prefix = config.prefix() + folder.path();
    S3Listing page = page(prefix, "", Optional.empty());
    var entries = new ArrayList<Entry>();
    for (S3Listing.Item item : page.objects()) {
      entries.add(new Entry(item.key().substring(prefix.length()), item.bytes()));
    }
    return List.copyOf(entries);
  }

  @Override
  public void remove(AssetKey key) throws IOException {
    delete(keyOf(key));
  }

  private void delete(String key) throws IOException {
    try (Response response = send(plain("DELETE", key, Map.of(), Map.of()), null)) {
      if (response.code() != 404) {
        require(response, 204);
      }
    }
  }

  @Override
  public void removeAll(Folder folder) throws IOException {
    String prefix = config.prefix() + folder.path();
    List<S3Listing.Item> found = page(prefix, "", Optional.empty()).objects();
    while (!found.isEmpty()) {
      for (S3Listing.Item item : found) {
        delete(item.key());
      }
      found = page(prefix, "", Optional.empty()).objects();
    }
  }

  @Override
  public void folders(Kind kind, Consumer<Folder> visitor) throws IOException {
    eachFolder(
        config.prefix() + kind.word() + "/",
        shard ->
            eachFolder(
                shard,
                owner -> {
                  String name = owner.substring(shard.length(), owner.length() - 1);
                  if (Folder.isOwner(name)) {
                    visitor.accept(new Folder(kind, name));
                  }
                }));
  }

  private interface FolderVisitor {
    void visit(String prefix) throws IOException;
  }

  private void eachFolder(String prefix, FolderVisitor visitor) throws IOException {
    Optional<String> from = Optional.empty();
    for (int pages = 0; pages < MOST_PAGES; pages++) {
      S3Listing page = page(prefix, "/", from);
      for (String folder : page.folders()) {
        visitor.visit(folder);
      }
      from = page.next();
      if (from.isEmpty()) {
        return;
      }
    }
  }

  private S3Listing page(String prefix, String delimiter, Optional<String> from)
      throws IOException {
    var query = new HashMap<String, String>();
    query.put("list-type", "2");
    query.put("prefix", prefix);
    query.put("max-keys", Integer.toString(MOST_LISTED));
    if (!delimiter.isEmpty()) {
      query.put("delimiter", delimiter);
    }
    from.ifPresent(token -> query.put("continuation-token", token));
    try (Response response = send(plain("GET", "", query, Map.of()), null)) {
      require(response, 200);
      if (response.body().contentLength() > LISTING_BYTES) {
        throw new IOException("the listing is too long");
      }
      return S3Listing.read(response.body().byteStream());
    }
  }

  private String keyOf(AssetKey key) {
    return config.prefix() + key.path();
  }

  private S3Signer.Unsigned plain(
      String method, String key, Map<String, String> query, Map<String, String> headers) {
    return new S3Signer.Unsigned(method, config.uri(key), query, headers, Optional.empty());
  }

  private Response send(S3Signer.Unsigned unsigned, @Nullable RequestBody body) throws IOException {
    SdkHttpRequest signed = signer.signed(unsigned);
    HttpUrl url = HttpUrl.get(signed.getUri());
    if (url == null) {
      throw new IOException("no address: " + unsigned.uri());
    }
    var request = new Request.Builder().url(url).method(unsigned.method(), body);
    signed.forEachHeader((name, values) -> {
      if (!name.equalsIgnoreCase("Host")) {
        values.forEach(value -> request.header(name, value));
      }
    });
    return client().newCall(request.build()).execute();
  }

  private static void require(Response response, int status) throws IOException {
    if (response.code() != status && !(status == 204 && response.code() == 200)) {
      String said = response.peekBody(ERROR_BYTES).string().replaceAll("[\\r\\n\"]", " ");
      throw new IOException("the store answered " + response.code() + ": " + said);
    }
  }

  @Override
  public synchronized void close() {
    OkHttpClient client = made;
    if (client != null) {
      client.connectionPool().evictAll();
    }
  }
}
