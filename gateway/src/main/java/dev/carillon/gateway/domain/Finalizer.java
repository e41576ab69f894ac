package dev.carillon.gateway.domain;

/// Makes the files of a provider's answer our own before its task is called done.
///
/// The engine asks it between a provider's [Outcome.Done] and the end of the task; meanwhile the
/// task is [TaskState.Finalizing], which holds the provider's answer, so that no crash loses it.
public interface Finalizer {

  /// Whether anything of an answer is to be copied. Quick, and without any call outside.
  boolean isWanted(Task task, Answer answer);

  /// The answer with our addresses where files were copied. Blocks, never throws for the world's
  /// faults: what cannot be copied keeps its address. It ends before the task's finish-by time, and
  /// may be asked again with the same answer after a crash.
  ///
  /// @throws InterruptedException when the task was cancelled, ran late, or the gateway stops
  Answer finish(Task task, Answer answer) throws InterruptedException;

  /// Copies nothing.
  Finalizer NONE =
      new Finalizer() {
        @Override
        public boolean isWanted(Task task, Answer answer) {
          return false;
        }

        @Override
        public Answer finish(Task task, Answer answer) {
          return answer;
        }
      };
}
