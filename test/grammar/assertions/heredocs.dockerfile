// SYNTAX TEST "source.dockerfile" "where heredocs begin and end, and in which language they are"
FROM alpine
RUN <<EOF
a
// <- meta.embedded.block.shell.dockerfile word.shell
	EOF
//EOF does not end here: tabs may precede the word after <<- only
b
// <- meta.embedded.block.shell.dockerfile
EOF
// <--- entity.name.tag.heredoc.dockerfile
RUN --mount=type=cache,target=/x \
<<-EOF bash
//^ keyword.operator.heredoc.dockerfile
// ^^^ entity.name.tag.heredoc.dockerfile
a
// <- meta.embedded.block.shell.dockerfile
	EOF
// ^ entity.name.tag.heredoc.dockerfile
COPY <<a.json <<'b.py' <<c /x/
//     ^^^^^^ entity.name.tag.heredoc.dockerfile
//               ^^^^ entity.name.tag.heredoc.dockerfile
//                       ^ entity.name.tag.heredoc.dockerfile
x
// <- meta.embedded.block.json.dockerfile
a.json
// <------ entity.name.tag.heredoc.dockerfile
x
// <- meta.embedded.block.python.dockerfile
b.py
x $y
// <- string.unquoted.heredoc.dockerfile
//^^ variable.other.dockerfile
c
// <- entity.name.tag.heredoc.dockerfile
RUN a && \
  cat <<EOF >> /x.yml
x
// <- meta.embedded.block.yaml.dockerfile
EOF
RUN cat <<EOF | tee /x.ini \
//                         ^ constant.character.escape.line-continuation.dockerfile
  && b
//   ^ meta.heredoc.command.dockerfile - meta.heredoc.body.dockerfile
x
// <- meta.embedded.block.ini.dockerfile
EOF
RUN echo "<<EOF" $((1 << 2))
USER a
// <---- keyword.other.special-method.dockerfile
RUN useradd <<UID>>
USER b
// <---- keyword.other.special-method.dockerfile
RUN ["cat", "<<EOF"]
USER c
// <---- keyword.other.special-method.dockerfile
ENV A=<<EOF
USER d
// <---- keyword.other.special-method.dockerfile
ONBUILD RUN <<EOF
x
// <- meta.embedded.block.shell.dockerfile
EOF
USER e
// <---- keyword.other.special-method.dockerfile
