/// Who answers calls that are passed through while the caller waits: chat, embeddings, speech.
///
/// [Switchboard] finds for a model the [Backend] that answers it: a provider with a compatible API,
/// described in a small file ([ProviderFile]), or the sandbox where no provider has a key. A
/// backend opens an [Exchange], whose bytes are read as they arrive. [LiveCalls] tells the engine
/// which tasks are such calls under way, so that it leaves them alone; those that a dead process
/// left it ends.
@NullMarked
package dev.carillon.gateway.upstream.passthrough;

import org.jspecify.annotations.NullMarked;
