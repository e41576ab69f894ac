package dev.carillon.gateway.store.check;

/// What always holds of a store.
///
/// @param name a word or two with dashes between
/// @param meaning what holds, in one sentence
/// @param broken selects in its first column the ids of what breaks it
record Law(String name, String meaning, String broken) {}
