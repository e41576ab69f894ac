/// Providers that are described by a file: `providers/NAME.yaml` says how to sign in, submit, poll,
/// cancel and look up, and how answers read; [dev.carillon.gateway.upstream.http.HttpProvider] does
/// it. The format stands in `docs/providers.md`.
///
/// What must not happen twice is submitting. So the intent to submit is stored before a byte is
/// sent, on a connection of its own, and the provider's job id before it is waited for. An answer
/// that got lost makes the task's fate unknown; it is looked up, or sent again under the provider's
/// own idempotency key, and never sent again blindly. When the machine dies, the stored reference
/// tells which of these holds.
///
/// Whatever a provider answers is a value here. Addresses it names are used only on hosts its file
/// lists.
@NullMarked
package dev.carillon.gateway.upstream.http;

import org.jspecify.annotations.NullMarked;
