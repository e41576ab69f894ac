/// The API that OpenAI's own clients speak, over this gateway's tasks and passed-through calls.
///
/// [dev.carillon.gateway.openai.OpenAi] holds the routes. Pictures and videos become tasks of
/// whatever service stands behind their model's name ([dev.carillon.gateway.openai.ModelTable]):
/// this room writes the request in that service's words, lets intake accept it as any other, and
/// reads the result back into OpenAI's form. Everything that is refused is told in OpenAI's error
/// object.
@NullMarked
package dev.carillon.gateway.openai;

import org.jspecify.annotations.NullMarked;
