package dev.carillon.testkit.provider;

import dev.carillon.testkit.provider.PictureApis.Bfl;
import dev.carillon.testkit.provider.PictureApis.Comfy;
import dev.carillon.testkit.provider.PictureApis.Fal;
import dev.carillon.testkit.provider.PictureApis.Replicate;
import dev.carillon.testkit.provider.PictureApis.RunPod;
import dev.carillon.testkit.provider.PromptApis.ElevenLabs;
import dev.carillon.testkit.provider.PromptApis.Imagen;
import dev.carillon.testkit.provider.PromptApis.OpenAiImages;
import dev.carillon.testkit.provider.PromptApis.Stability;
import dev.carillon.testkit.provider.SharedApis.Gateway;
import dev.carillon.testkit.provider.SharedApis.Midjourney;
import dev.carillon.testkit.provider.SharedApis.Suno;
import dev.carillon.testkit.provider.VideoApis.Kling;
import dev.carillon.testkit.provider.VideoApis.Luma;
import dev.carillon.testkit.provider.VideoApis.MiniMax;
import dev.carillon.testkit.provider.VideoApis.OpenAiVideos;
import dev.carillon.testkit.provider.VideoApis.Runway;
import dev.carillon.testkit.provider.VideoApis.Veo;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All APIs by the names of the definitions.
final class Apis {
  private static final Map<String, Api> ALL =
      Map.ofEntries(
          Map.entry("replicate", new Replicate()),
          Map.entry("fal", new Fal()),
          Map.entry("kling", new Kling()),
          Map.entry("midjourney-proxy", new Midjourney(false)),
          Map.entry("midjourney-proxy-plus", new Midjourney(true)),
          Map.entry("xhuoapi", new Gateway(false)),
          Map.entry("carillon", new Gateway(true)),
          Map.entry("openai-images", new OpenAiImages()),
          Map.entry("openai-videos", new OpenAiVideos()),
          Map.entry("veo", new Veo()),
          Map.entry("imagen", new Imagen()),
          Map.entry("runway", new Runway()),
          Map.entry("luma", new Luma()),
          Map.entry("minimax", new MiniMax()),
          Map.entry("stability", new Stability()),
          Map.entry("bfl", new Bfl()),
          Map.entry("elevenlabs", new ElevenLabs()),
          Map.entry("suno-api", new Suno()),
          Map.entry("comfyui", new Comfy()),
          Map.entry("runpod", new RunPod()));

  private Apis() {}

  static Api of(String name) {
    return Optional.ofNullable(ALL.get(name))
        .orElseThrow(() -> new IllegalArgumentException("there is no stand-in for " + name));
  }

  static List<String> names() {
    return ALL.keySet().stream().sorted().toList();
  }
}
