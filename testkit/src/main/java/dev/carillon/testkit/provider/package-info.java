/// Stand-ins for providers: real HTTP servers that speak a provider's API as it is documented, its
/// failures included, and count what they were asked to generate.
///
/// They know what was read about the APIs and nothing more; a test against one proves how the
/// gateway behaves, not how the provider does.
@NullMarked
package dev.carillon.testkit.provider;

import org.jspecify.annotations.NullMarked;
