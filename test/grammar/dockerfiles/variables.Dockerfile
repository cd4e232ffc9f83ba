ARG A B=2 C="three four"
FROM alpine:${B}
ARG A
ENV P=$A Q=${A} R=${A:-x} S=${A:+y z} T=${A:?no A}
ENV U=${A-x}${A#pre}${A##*/}${A%.txt}${A%%.*}${A/a/b}${A//a/b}
ENV NESTED=${A:-${B:-$C}} ESCAPED=\$A QUOTED="${A} \"and\" $B" RAW='$A ${B}'
ENV OLD_STYLE a value with $A
WORKDIR /srv/${A}/x
USER ${UID:-1000}:$GID
EXPOSE ${PORT:-80}/tcp
LABEL "quoted key"="quoted value" plain.key=$A
