// SYNTAX TEST "source.dockerfile" "directives at the top only; the escape holds for the whole file"
# syntax=docker/dockerfile:1
//^^^^^^ meta.directive.dockerfile keyword.control.directive.dockerfile
//       ^^^^^^^^^^^^^^^^^^^ string.unquoted.frontend.dockerfile
# Escape = `
//^^^^^^ keyword.control.directive.dockerfile
//         ^ constant.character.escape.dockerfile
# check=skip=JSONArgsRecommended;error=true
//^^^^^ keyword.control.directive.dockerfile
//      ^^^^ keyword.other.check.dockerfile
//           ^^^^^^^^^^^^^^^^^^^ entity.name.rule.dockerfile
//                                     ^^^^ constant.language.dockerfile
FROM a
# check=skip=all
//^^^^^ comment.line.number-sign.dockerfile - keyword.control.directive.dockerfile
COPY a C:\b\
//          ^ - constant.character.escape.line-continuation.dockerfile
RUN a `
//    ^ constant.character.escape.line-continuation.dockerfile
  b
//^ meta.embedded.line.batch.dockerfile
SHELL ["pwsh", "-Command"]
RUN c
//  ^ meta.embedded.line.powershell.dockerfile
FROM b
RUN d
//  ^ meta.embedded.line.batch.dockerfile - meta.embedded.line.powershell.dockerfile
