package dev.carillon.gateway.openai;

/// What a model of the table makes.
enum Medium {
  IMAGES,
  VIDEOS
}
