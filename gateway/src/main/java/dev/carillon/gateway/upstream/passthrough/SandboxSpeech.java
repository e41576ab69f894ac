package dev.carillon.gateway.upstream.passthrough;

import dev.carillon.gateway.domain.MediaSource.Media;
import dev.carillon.gateway.upstream.sandbox.media.Format;
import dev.carillon.gateway.upstream.sandbox.media.Recipe;
import dev.carillon.gateway.upstream.sandbox.media.Seeds;
import dev.carillon.gateway.upstream.sandbox.media.Speech;
import dev.carillon.gateway.upstream.sandbox.media.Studio;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The sandbox reads aloud, in a voice that says no words.
record SandboxSpeech(Studio studio) {
  private static final int WAVE_HEADER = 44;

  SandboxBackend.Pieces answer(ObjectNode request) throws IOException, InterruptedException {
    String text = request.path("input").asString("");
    String wanted = request.path("response_format").asString("mp3");
    double speed = Math.clamp(request.path("speed").asDouble(1), 0.25, 4);
    return switch (wanted) {
      case "mp3" -> audio(text, speed, Format.MP3);
      case "wav" -> audio(text, speed, Format.WAV);
      case "pcm" -> bare(audio(text, speed, Format.WAV));
      default ->
          SandboxBackend.Pieces.refusal(
              "The sandbox makes mp3, wav and pcm, not " + wanted + ".", "response_format");
    };
  }

  private SandboxBackend.Pieces audio(String text, double speed, Format format)
      throws IOException, InterruptedException {
    var length = Duration.ofMillis((long) (Speech.seconds(text) / speed * 1000));
    return switch (studio.file(Recipe.speech(text, Seeds.of(text), length), format)) {
      case Media.Ready file ->
          new SandboxBackend.Pieces(
              200, file.contentType(), List.of(Files.readAllBytes(file.path())));
      default -> throw new IOException("the sandbox has too much to render");
    };
  }

  private static SandboxBackend.Pieces bare(SandboxBackend.Pieces wave) {
    byte[] bytes = wave.pieces().getFirst();
    byte[] samples = Arrays.copyOfRange(bytes, WAVE_HEADER, bytes.length);
    return new SandboxBackend.Pieces(200, "audio/pcm", List.of(samples));
  }
}
