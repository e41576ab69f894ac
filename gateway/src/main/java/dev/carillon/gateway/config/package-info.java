/// Where every setting comes from: defaults, `carillon.yaml`, the environment, flags, in this
/// order.
///
/// All keys stand in [dev.carillon.gateway.config.Keys], each with its meaning, unit, default and
/// range; the reference page and `carillon config` are made from that list. A mistake stops the
/// start: all of them are told at once, an unknown key with the nearest known one.
@NullMarked
package dev.carillon.gateway.config;

import org.jspecify.annotations.NullMarked;
