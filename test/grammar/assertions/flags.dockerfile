// SYNTAX TEST "source.dockerfile" "flags and their options"
RUN --mount=type=secret,id=token,required \
//  ^^ punctuation.definition.flag.dockerfile
//    ^^^^^ variable.parameter.flag.dockerfile
//          ^^^^ entity.other.attribute-name.dockerfile
//               ^^^^^^ string.unquoted.flag-value.dockerfile
//                      ^^ entity.other.attribute-name.dockerfile
//                               ^^^^^^^^ entity.other.attribute-name.dockerfile
--network=none make --jobs=4
// <-- punctuation.definition.flag.dockerfile
//        ^^^^ string.unquoted.flag-value.dockerfile
//                  ^^^^^^^^ meta.embedded.line.shell.dockerfile - variable.parameter.flag.dockerfile
COPY --chown=$UID:1 a b
//   ^^ punctuation.definition.flag.dockerfile
//           ^^^^ variable.other.dockerfile
USER a
// <---- keyword.other.special-method.dockerfile
