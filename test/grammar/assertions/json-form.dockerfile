// SYNTAX TEST "source.dockerfile" "JSON form and the shell's test command"
FROM alpine
RUN ["a", "b\n"]
//  ^ meta.json-form.dockerfile punctuation.definition.array.begin.dockerfile
//          ^^ constant.character.escape.dockerfile
//             ^ punctuation.definition.array.end.dockerfile
RUN [ "$A" = "b" ] && c
//  ^ meta.embedded.line.shell.dockerfile - meta.json-form.dockerfile
CMD ["a", \
  # why
//^^^^^ comment.line.number-sign.dockerfile
  "b"]
//^^^ meta.json-form.dockerfile string.quoted.double.dockerfile
//   ^ punctuation.definition.array.end.dockerfile
HEALTHCHECK --interval=5s CMD ["a"]
//                        ^^^ keyword.other.special-method.dockerfile
//                             ^^^ meta.json-form.dockerfile string.quoted.double.dockerfile
CMD ["a"
USER b
// <---- keyword.other.special-method.dockerfile - meta.json-form.dockerfile
