/// The provider that is always there: it makes real media offline, by arithmetic, and behaves like
/// a service far away. It takes a realistic time, reports progress, and can be told by words in the
/// prompt to fail, hang or be moderated; `docs/sandbox.md` lists them.
///
/// It takes a [dev.carillon.gateway.upstream.sandbox.SandboxOrder] and gives a
/// [dev.carillon.gateway.upstream.sandbox.SandboxResult]: works, or the outcome that stands
/// instead; until then it says when to look again, to the moment, and takes no thread. It keeps
/// nothing but when what is under way ends: addresses hold the whole recipe of their file, so a
/// task ends without anything having been rendered. When the machine dies the order comes again;
/// its time counts from the task's creation then, so it ends when it would have ended.
@NullMarked
package dev.carillon.gateway.upstream.sandbox;

import org.jspecify.annotations.NullMarked;
