package dev.carillon.gateway.asset;

import java.nio.file.Path;

/// Some bytes of a file.
///
/// @param from the first byte, counted from 0
/// @param length how many bytes
public record FileSlice(Path file, long from, long length) {}
