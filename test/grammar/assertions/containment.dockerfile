// SYNTAX TEST "source.dockerfile" "embedded languages end where the instruction or the heredoc ends"
FROM alpine
RUN echo "never closed
//       ^ meta.embedded.line.shell.dockerfile string.quoted.shell
COPY a b
// <---- keyword.other.special-method.dockerfile - string.quoted.shell
RUN echo 'a \
//          ^ string.quoted.shell constant.character.escape.line-continuation.dockerfile
  b' c
//^ string.quoted.shell
//   ^ word.shell - string.quoted.shell
RUN a # b \
//    ^ comment.line.number-sign.shell
  && c
//^^^^ meta.embedded.line.shell.dockerfile comment.line.number-sign.shell
USER d
// <---- keyword.other.special-method.dockerfile
RUN a \\
//    ^^ word.shell - constant.character.escape.line-continuation.dockerfile
USER e
// <---- keyword.other.special-method.dockerfile
RUN python3 <<EOF
//          ^^ keyword.operator.heredoc.dockerfile - string.heredoc.shell
//            ^^^ entity.name.tag.heredoc.dockerfile
"""never closed
// <--- meta.embedded.block.python.dockerfile string.quoted.python
EOF
// <--- entity.name.tag.heredoc.dockerfile - string.quoted.python meta.heredoc.body.dockerfile
HEALTHCHECK CMD "open
USER f
// <---- keyword.other.special-method.dockerfile - string.quoted.shell
