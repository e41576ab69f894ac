/// Tests of the media route.
@NullMarked
package dev.carillon.gateway.asset;

import org.jspecify.annotations.NullMarked;
