/// What `java.net.http` lacks: a bound on what is taken in, and doing without TLS where there is
/// none.
@NullMarked
package dev.carillon.client.http;

import org.jspecify.annotations.NullMarked;
