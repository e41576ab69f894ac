/// The caller's side under measure: how late a program hears of ends and by how many requests, how
/// much memory very many handles take, and what becomes of tasks when their program is killed.
@NullMarked
package dev.carillon.bench.caller;

import org.jspecify.annotations.NullMarked;
