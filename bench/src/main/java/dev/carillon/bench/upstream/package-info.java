/// How long after a provider is done its task is, with very many open at a time.
@NullMarked
package dev.carillon.bench.upstream;

import org.jspecify.annotations.NullMarked;
