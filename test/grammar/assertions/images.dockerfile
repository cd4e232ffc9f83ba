// SYNTAX TEST "source.dockerfile" "the parts of an image's name"
FROM localhost:5000/team/node:22@sha256:0f1e AS build
//   ^^^^^^^^^^^^^^ entity.name.namespace.registry.dockerfile
//                  ^^^^ entity.name.type.image.dockerfile
//                       ^^^^ entity.name.type.image.dockerfile
//                           ^ punctuation.separator.tag.dockerfile
//                            ^^ constant.other.tag.dockerfile
//                               ^^^^^^^^^^^ constant.other.digest.dockerfile
//                                           ^^ keyword.control.as.dockerfile
//                                              ^^^^^ entity.name.type.stage.dockerfile
FROM a:${TAG:-1}-slim
//     ^^ punctuation.definition.variable.begin.dockerfile
//       ^^^ variable.other.dockerfile
//          ^^ keyword.operator.expansion.dockerfile
//             ^ constant.other.tag.dockerfile punctuation.definition.variable.end.dockerfile
//              ^^^^^ constant.other.tag.dockerfile
FROM \
  scratch
//^^^^^^^ constant.language.scratch.dockerfile
COPY --from=build a b
//     ^^^^ variable.parameter.flag.dockerfile
//          ^^^^^ entity.name.type.stage.dockerfile
COPY --from=a/b:1 a b
//          ^ entity.name.type.image.dockerfile
//              ^ constant.other.tag.dockerfile
